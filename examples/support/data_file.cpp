#include "support/data_file.hpp"

#include <system_error>

namespace eprop::examples {

namespace fs = std::filesystem;

std::string data_file(const std::string& name) {
  std::error_code error;  // without /proc the file will not be found, which its reader tells
  return data_file(name, fs::read_symlink("/proc/self/exe", error).parent_path());
}

std::string data_file(const std::string& name, const fs::path& programs) {
  fs::path of_build = programs / "data" / name;
  if (fs::exists(of_build)) return of_build;
  return (programs / EPROP_DATA_FROM_PROGRAMS / name).lexically_normal();
}

}  // namespace eprop::examples
