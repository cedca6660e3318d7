#include "recording/left_file.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "recording/hdf5_attribute.hpp"
#include "recording/hdf5_call.hpp"

namespace eprop::recording {
namespace {

Hdf5Handle open_left_file(const std::string& path, const Hdf5Check& check) {
  std::error_code unknown;
  const bool is_empty = std::filesystem::file_size(path, unknown) == 0;
  if (!is_empty && H5Fis_hdf5(path.c_str()) <= 0) check.fail("is no HDF5 file");
  try {
    Hdf5Handle file = check(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    H5G_info_t root;
    check(H5Gget_info(file.id(), &root));
    if (root.nlinks == 0) check.fail("nothing is in it");
    return file;
  } catch (const OutputError& error) {
    throw DamagedOutput(error.what());
  }
}

}  // namespace

std::string text_in_left_file(const std::string& path, const std::string& object,
                              const std::string& attribute) {
  const Hdf5Session session;
  const Hdf5Check check(path, "read", object);
  const Hdf5Handle file = open_left_file(path, Hdf5Check(path, "open", ""));
  if (!link_exists(file.id(), object, check)) return {};
  const Hdf5Handle opened = check(H5Oopen(file.id(), object.c_str(), H5P_DEFAULT), H5Oclose);
  return read_text_attribute(opened.id(), attribute, check);
}

}  // namespace eprop::recording
