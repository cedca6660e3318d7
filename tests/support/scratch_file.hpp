#pragma once

#include <string>

#include "scratch_folder.hpp"

namespace eprop::testing {

/// A path, the same on all ranks and in no other test; what is written there, or to paths that go
/// on from it, is removed in the end.
class ScratchFile {
 public:
  explicit ScratchFile(comm::Communicator& comm)
      : folder_(comm), path_(folder_.path() / "scratch.h5") {}

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  ScratchFolder folder_;
  std::string path_;
};

}  // namespace eprop::testing
