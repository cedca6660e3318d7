#include "recording/hdf5_attribute.hpp"

#include <array>

namespace eprop::recording {
namespace {

constexpr const char* checksum_attribute = "checksum";

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

/// Reads an attribute of `n` values of a class; false if there is none.
bool read_attribute(hid_t object, const char* name, H5T_class_t type_class, std::size_t n,
                    hid_t memory_type, void* values, const Hdf5Check& check) {
  if (check(H5Aexists(object, name)) == 0) return false;
  const Hdf5Handle attribute = check(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
  const Hdf5Handle type = check(H5Aget_type(attribute.id()), H5Tclose);
  const Hdf5Handle space = check(H5Aget_space(attribute.id()), H5Sclose);
  if (H5Tget_class(type.id()) != type_class ||
      check(H5Sget_simple_extent_npoints(space.id())) != static_cast<hssize_t>(n)) {
    return false;
  }
  check(H5Aread(attribute.id(), memory_type, values));
  return true;
}

}  // namespace

void write_attribute(hid_t object, const std::string& name, const AttributeValue& value,
                     const Hdf5Check& check) {
  if (check(H5Aexists(object, name.c_str())) > 0) check(H5Adelete(object, name.c_str()));
  std::visit(AttributeWriter(object, name, check), value);
}

std::optional<double> read_number_attribute(hid_t object, const std::string& name,
                                            const Hdf5Check& check) {
  double value = 0.0;
  if (!read_attribute(object, name.c_str(), H5T_FLOAT, 1, H5T_NATIVE_DOUBLE, &value, check))
    return {};
  return value;
}

// In place, as it is written again and again.
void write_checksum(hid_t dataset, const StoredChecksum& checksum, const Hdf5Check& check) {
  const std::array<std::uint64_t, 2> values{checksum.rows, checksum.sum};
  const hsize_t n = values.size();
  const Hdf5Handle space = check(H5Screate_simple(1, &n, nullptr), H5Sclose);
  const Hdf5Handle attribute =
      check(H5Aexists(dataset, checksum_attribute)) > 0
          ? check(H5Aopen(dataset, checksum_attribute, H5P_DEFAULT), H5Aclose)
          : check(H5Acreate2(dataset, checksum_attribute, H5T_STD_U64LE, space.id(), H5P_DEFAULT,
                             H5P_DEFAULT),
                  H5Aclose);
  check(H5Awrite(attribute.id(), H5T_NATIVE_UINT64, values.data()));
}

std::optional<StoredChecksum> read_checksum(hid_t dataset, const Hdf5Check& check) {
  std::array<std::uint64_t, 2> values{};
  if (!read_attribute(dataset, checksum_attribute, H5T_INTEGER, values.size(), H5T_NATIVE_UINT64,
                      values.data(), check)) {
    return {};
  }
  return StoredChecksum{values[0], values[1]};
}

}  // namespace eprop::recording
