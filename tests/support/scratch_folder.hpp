#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "eprop/comm/collectives.hpp"

namespace eprop::testing {

/// A folder that no other test has; it is removed in the end, with all that is in it.
class ScratchFolder {
 public:
  ScratchFolder() : is_owner_(true), path_(make()) {}
  /// One that ranks share: rank 0 makes and removes it. Collective.
  explicit ScratchFolder(comm::Communicator& comm) : is_owner_(comm.rank() == 0) {
    std::vector<char> name;
    if (is_owner_) {
      const std::string mine = make();
      name.assign(mine.begin(), mine.end());
    }
    comm::broadcast(comm, name, 0);
    path_.assign(name.begin(), name.end());
  }
  ~ScratchFolder() {
    std::error_code ignored;
    if (is_owner_) std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  static std::string make() {
    std::string name = std::filesystem::temp_directory_path() / "eprop_XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), name);
    }
    return name;
  }

  bool is_owner_;
  std::filesystem::path path_;
};

}  // namespace eprop::testing
