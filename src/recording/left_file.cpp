#include "recording/left_file.hpp"

#include <filesystem>

#include "recording/hdf5_attribute.hpp"
#include "recording/hdf5_call.hpp"
#include "recording/verification.hpp"

namespace eprop::recording {
namespace {

/// Lets an empty file pass.
void require_hdf5(const std::string& path) {
  std::error_code unknown;
  const bool is_empty = std::filesystem::file_size(path, unknown) == 0;
  if (is_empty || H5Fis_hdf5(path.c_str()) > 0) return;
  Hdf5Check(path, "open", "").fail("is no HDF5 file");
}

Hdf5Handle open_left_file(const std::string& path) {
  const Hdf5Check check(path, "open", "");
  return check(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
}

/// Calls f(), with failures as DamagedOutput.
template <class F>
auto reading(const F& f) {
  try {
    return f();
  } catch (const OutputError& error) {
    throw DamagedOutput(error.what());
  }
}

}  // namespace

std::optional<double> number_in_left_file(const std::string& path, const std::string& object,
                                          const std::string& attribute) {
  const Hdf5Session session;
  require_hdf5(path);
  return reading([&]() -> std::optional<double> {
    const Hdf5Handle file = open_left_file(path);
    const Hdf5Check check(path, "read", object);
    H5G_info_t root;
    check(H5Gget_info(file.id(), &root));
    if (root.nlinks == 0) check.fail("nothing is in the file");
    if (!link_exists(file.id(), object, check)) return {};
    const Hdf5Handle opened = check(H5Oopen(file.id(), object.c_str(), H5P_DEFAULT), H5Oclose);
    return read_number_attribute(opened.id(), attribute, check);
  });
}

void verify_left_file(const std::string& path) {
  const Hdf5Session session;
  reading([&] { verify(open_left_file(path).id(), path); });
}

}  // namespace eprop::recording
