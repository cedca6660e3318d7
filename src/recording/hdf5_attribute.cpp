#include "recording/hdf5_attribute.hpp"

#include <fmt/format.h>

namespace eprop::recording {
namespace {

/// Writes one attribute; one overload for each alternative of AttributeValue.
class AttributeWriter {
 public:
  AttributeWriter(hid_t object, const std::string& name, const Hdf5Check& check)
      : object_(object), name_(name), check_(check) {}

  void operator()(std::int64_t value) const {
    put(H5T_STD_I64LE, H5T_NATIVE_INT64, scalar(), &value);
  }
  void operator()(std::uint32_t value) const {
    put(H5T_STD_U32LE, H5T_NATIVE_UINT32, scalar(), &value);
  }
  void operator()(double value) const { put(H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, scalar(), &value); }
  void operator()(bool value) const {
    const std::int8_t stored = value ? 1 : 0;
    put(H5T_STD_I8LE, H5T_NATIVE_INT8, scalar(), &stored);
  }
  void operator()(const std::vector<std::uint32_t>& values) const {
    put(H5T_STD_U32LE, H5T_NATIVE_UINT32, list(values.size()), values.data());
  }
  void operator()(const std::string& value) const {
    const Hdf5Handle type = string_type();
    const char* text = value.c_str();
    put(type.id(), type.id(), scalar(), &text);
  }
  void operator()(const std::vector<std::string>& values) const {
    const Hdf5Handle type = string_type();
    std::vector<const char*> texts;
    for (const std::string& value : values) texts.push_back(value.c_str());
    put(type.id(), type.id(), list(texts.size()), texts.data());
  }
  void operator()(const EnumValue& value) const {
    const Hdf5Handle type = check_(H5Tenum_create(H5T_STD_U8LE), H5Tclose);
    for (const auto& [member, code] : value.members) {
      check_(H5Tenum_insert(type.id(), member.c_str(), &code));
    }
    put(type.id(), type.id(), scalar(), &value.value);
  }

 private:
  [[nodiscard]] Hdf5Handle scalar() const { return check_(H5Screate(H5S_SCALAR), H5Sclose); }

  [[nodiscard]] Hdf5Handle list(hsize_t length) const {
    return check_(H5Screate_simple(1, &length, nullptr), H5Sclose);
  }

  // h5py reads strings of fixed length as bytes, those of variable length as str.
  [[nodiscard]] Hdf5Handle string_type() const {
    Hdf5Handle type = check_(H5Tcopy(H5T_C_S1), H5Tclose);
    check_(H5Tset_size(type.id(), H5T_VARIABLE));
    check_(H5Tset_cset(type.id(), H5T_CSET_UTF8));
    return type;
  }

  void put(hid_t stored_type, hid_t memory_type, const Hdf5Handle& space, const void* data) const {
    const Hdf5Handle attribute = check_(
        H5Acreate2(object_, name_.c_str(), stored_type, space.id(), H5P_DEFAULT, H5P_DEFAULT),
        H5Aclose);
    check_(H5Awrite(attribute.id(), memory_type, data));
  }

  hid_t object_;
  const std::string& name_;
  const Hdf5Check& check_;
};

}  // namespace

void write_attribute(hid_t object, const std::string& name, const AttributeValue& value,
                     const Hdf5Check& check) {
  if (check(H5Aexists(object, name.c_str())) > 0) check(H5Adelete(object, name.c_str()));
  std::visit(AttributeWriter(object, name, check), value);
}

std::string read_text_attribute(hid_t object, const std::string& name, const Hdf5Check& check) {
  if (check(H5Aexists(object, name.c_str())) == 0) return {};
  const Hdf5Handle attribute = check(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
  const Hdf5Handle type = check(H5Aget_type(attribute.id()), H5Tclose);
  if (check(H5Tis_variable_str(type.id())) == 0) {
    check.fail(fmt::format("its attribute '{}' is no text", name));
  }
  char* text = nullptr;
  check(H5Aread(attribute.id(), type.id(), static_cast<void*>(&text)));
  std::string value = text == nullptr ? "" : text;
  H5free_memory(text);
  return value;
}

}  // namespace eprop::recording
