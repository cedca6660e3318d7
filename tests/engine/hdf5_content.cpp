#include "hdf5_content.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include <vector>

namespace eprop::testing {
namespace {

std::string encoded(hid_t type) {
  std::size_t size = 0;
  H5Tencode(type, nullptr, &size);
  std::string bytes(size, '\0');
  H5Tencode(type, bytes.data(), &size);
  return bytes;
}

std::string shape(hid_t space) {
  std::vector<hsize_t> extent(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
  H5Sget_simple_extent_dims(space, extent.data(), nullptr);
  return fmt::format("shape [{}]\n", fmt::join(extent, ", "));
}

/// `read` takes a memory type and a buffer. Strings of variable length are followed.
template <class Read>
std::string content(hid_t space, hid_t type, Read read) {
  const auto n = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
  std::string bytes;
  if (H5Tis_variable_str(type) > 0) {
    std::vector<char*> texts(n);
    read(type, static_cast<void*>(texts.data()));
    for (const char* text : texts) bytes += std::string(text) + '\0';
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts.data());
  } else {
    bytes.resize(n * H5Tget_size(type));
    read(type, static_cast<void*>(bytes.data()));
  }
  std::string all = shape(space) + encoded(type) + bytes;
  H5Tclose(type);
  H5Sclose(space);
  return all;
}

std::string dataset(hid_t object) {
  return content(H5Dget_space(object), H5Dget_type(object), [&](hid_t type, void* into) {
    H5Dread(object, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, into);
  });
}

struct Visit {
  std::map<std::string, std::string> found;
  std::string object;
};

herr_t visit_attribute(hid_t object, const char* name, const H5A_info_t*, void* data) {
  auto& visit = *static_cast<Visit*>(data);
  const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
  visit.found[visit.object + " @ " + name] =
      content(H5Aget_space(attribute), H5Aget_type(attribute),
              [&](hid_t type, void* into) { H5Aread(attribute, type, into); });
  H5Aclose(attribute);
  return 0;
}

herr_t visit_object(hid_t file, const char* name, const H5O_info_t* info, void* data) {
  auto& visit = *static_cast<Visit*>(data);
  const hid_t object = H5Oopen(file, name, H5P_DEFAULT);
  visit.object = name;
  visit.found[name] = info->type == H5O_TYPE_DATASET ? dataset(object) : "";
  H5Aiterate(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, visit_attribute, data);
  H5Oclose(object);
  return 0;
}

}  // namespace

std::map<std::string, std::string> hdf5_content(const std::string& path) {
  Visit visit;
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  H5Ovisit(file, H5_INDEX_NAME, H5_ITER_INC, visit_object, &visit);
  H5Fclose(file);
  return visit.found;
}

}  // namespace eprop::testing
