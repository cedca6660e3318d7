#include "recording/file_guard.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>

#include "eprop/comm/collectives.hpp"
#include "eprop/comm/launch.hpp"
#include "eprop/errors.hpp"

namespace eprop::recording {
namespace {

namespace fs = std::filesystem;

/// Whether the user wants HDF5 to lock files.
bool hdf5_locks_files() {
  const char* setting = std::getenv("HDF5_USE_FILE_LOCKING");
  return setting != nullptr && std::string_view(setting) != "FALSE" &&
         std::string_view(setting) != "0";
}

}  // namespace

FileGuard::FileGuard(const std::string& path, OpenMode mode, bool overwrite,
                     comm::Communicator& comm)
    : path_(path), active_(comm.rank() == 0) {
  const auto failure = comm::failure_on_first_rank(comm, [&] { prepare(mode, overwrite); });
  if (failure) throw OutputError(*failure);
}

void FileGuard::prepare(OpenMode mode, bool overwrite) {
  std::error_code unknown;
  const bool exists = fs::exists(path_, unknown);
  const auto folder = fs::path(path_).parent_path();
  active_ = exists ? fs::is_regular_file(path_, unknown)
                   : folder.empty() || fs::is_directory(folder, unknown);
  if (!active_) return;  // nothing that could be lost: whoever opens it says what is wrong
  lock_.emplace(path_ + ".lock", fmt::format("output file '{}'", path_), *comm::make_serial(),
                overwrite);
  if (!exists) return;
  if (mode == OpenMode::create) {
    if (!overwrite)
      fail("exists already: choose another name, or say that it shall be overwritten");
    if (!fs::remove(fs::canonical(path_, unknown), unknown)) {
      fail(fmt::format("cannot be replaced: {}", unknown.message()));
    }
    return;
  }
  if (::access(path_.c_str(), R_OK | W_OK) != 0) {
    fail(fmt::format("cannot be written: {}", std::strerror(errno)));
  }
  if (!lock()) {
    fail(
        hdf5_locks_files()
            ? "another program, perhaps a notebook, has it open: close it there, or do without the "
              "locks of HDF5 (HDF5_USE_FILE_LOCKING=FALSE), which then keep out writers alone"
            : "another program, perhaps a notebook, has it open for writing: close it there");
  }
}

// HDF5 locks a file exclusively to write it, which would keep out readers, and ourselves: if that
// is what the user wants, it is only tried.
bool FileGuard::lock() {
  if (!active_) return true;
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  const bool by_hdf5 = hdf5_locks_files();
  const bool in_the_way = descriptor_ >= 0 &&
                          ::flock(descriptor_, (by_hdf5 ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0 &&
                          errno == EWOULDBLOCK;
  if (by_hdf5 && descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  return !in_the_way;
}

// A lock that HDF5 has by now is not tried.
void FileGuard::hold() {
  if (!hdf5_locks_files()) (void)lock();
}

FileGuard::~FileGuard() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void FileGuard::fail(const std::string& reason) const {
  throw OutputError(fmt::format("output file '{}': {}", path_, reason));
}

}  // namespace eprop::recording
