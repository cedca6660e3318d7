#pragma once

#include <hdf5.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

/// Reads files back with serial HDF5, independently of what wrote them. For one rank at a time;
/// what cannot be read is empty.
namespace eprop::testing {

struct HdfObject {
  HdfObject(const std::string& path, const std::string& name)
      : file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT)),
        object(H5Oopen(file, name.c_str(), H5P_DEFAULT)) {}
  ~HdfObject() {
    H5Oclose(object);
    H5Fclose(file);
  }
  HdfObject(const HdfObject&) = delete;
  HdfObject& operator=(const HdfObject&) = delete;

  hid_t file;
  hid_t object;
};

template <class T>
hid_t memory_type_of() {
  if constexpr (std::is_same_v<T, double>) return H5T_NATIVE_DOUBLE;
  if constexpr (std::is_same_v<T, float>) return H5T_NATIVE_FLOAT;
  if constexpr (std::is_same_v<T, std::uint64_t>) return H5T_NATIVE_UINT64;
  if constexpr (std::is_same_v<T, std::int64_t>) return H5T_NATIVE_INT64;
  if constexpr (std::is_same_v<T, std::uint8_t>) return H5T_NATIVE_UINT8;
  if constexpr (std::is_same_v<T, std::int8_t>) return H5T_NATIVE_INT8;
  return H5T_NATIVE_UINT32;
}

inline std::vector<hsize_t> shape_of(hid_t space) {
  std::vector<hsize_t> shape(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  return shape;
}

inline std::vector<hsize_t> read_shape(const std::string& path, const std::string& dataset) {
  const HdfObject from(path, dataset);
  const hid_t space = H5Dget_space(from.object);
  auto shape = shape_of(space);
  H5Sclose(space);
  return shape;
}

template <class T>
std::vector<T> read_values(const std::string& path, const std::string& dataset) {
  const HdfObject from(path, dataset);
  const hid_t space = H5Dget_space(from.object);
  std::vector<T> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  H5Dread(from.object, memory_type_of<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  H5Sclose(space);
  return values;
}

template <class T>
std::vector<T> read_attribute(const std::string& path, const std::string& object,
                              const std::string& name) {
  const HdfObject from(path, object);
  const hid_t attribute = H5Aopen(from.object, name.c_str(), H5P_DEFAULT);
  const hid_t space = H5Aget_space(attribute);
  std::vector<T> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  H5Aread(attribute, memory_type_of<T>(), values.data());
  H5Sclose(space);
  H5Aclose(attribute);
  return values;
}

/// Of an attribute of UTF-8 strings of variable length.
inline std::vector<std::string> read_strings(const std::string& path, const std::string& object,
                                             const std::string& name) {
  const HdfObject from(path, object);
  const hid_t attribute = H5Aopen(from.object, name.c_str(), H5P_DEFAULT);
  const hid_t space = H5Aget_space(attribute);
  const hid_t type = H5Aget_type(attribute);
  std::vector<std::string> strings;
  if (H5Tis_variable_str(type) > 0 && H5Tget_cset(type) == H5T_CSET_UTF8) {
    std::vector<char*> texts(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    H5Aread(attribute, type, texts.data());
    strings.assign(texts.begin(), texts.end());
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts.data());
  }
  H5Tclose(type);
  H5Sclose(space);
  H5Aclose(attribute);
  return strings;
}

}  // namespace eprop::testing
