#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "eprop/comm/collectives.hpp"

namespace eprop::testing {

/// A path, the same on all ranks and in no other test; the file is removed in the end.
class ScratchFile {
 public:
  explicit ScratchFile(comm::Communicator& comm) : is_owner_(comm.rank() == 0) {
    static std::atomic<int> count = 0;
    std::vector<char> name;
    if (is_owner_) {
      const std::string mine = ::testing::TempDir() + "eprop_" + std::to_string(getpid()) + "_" +
                               std::to_string(++count) + ".h5";
      name.assign(mine.begin(), mine.end());
    }
    comm::broadcast(comm, name, 0);
    path_.assign(name.begin(), name.end());
  }
  ~ScratchFile() {
    std::error_code ignored;
    if (is_owner_) std::filesystem::remove(path_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  bool is_owner_;
  std::string path_;
};

}  // namespace eprop::testing
