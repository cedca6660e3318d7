#include "recording/file_guard.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "eprop/comm/agreement.hpp"
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

/// Whether a file begins as HDF5 files do.
bool is_hdf5(const std::string& path) {
  std::array<char, 8> begin{};
  std::ifstream(path, std::ios::binary).read(begin.data(), begin.size());
  return std::string_view(begin.data(), begin.size()) == "\x89HDF\r\n\x1a\n";
}

/// Whether HDF5 goes on without a lock that the file system does not give.
bool hdf5_ignores(int error) {
  const char* setting = std::getenv("HDF5_USE_FILE_LOCKING");
  return setting != nullptr && std::string_view(setting) == "BEST_EFFORT" && error == ENOSYS;
}

}  // namespace

FileGuard::FileGuard(const std::string& path, OpenMode mode, bool overwrite,
                     comm::Communicator& comm)
    : path_(path), active_(comm.rank() == 0) {
  comm::on_first_rank<OutputError>(comm, fmt::format("opening output file '{}'", path),
                                   [&] { prepare(mode, overwrite); });
}

void FileGuard::prepare(OpenMode mode, bool overwrite) {
  std::error_code unknown;
  const bool exists = fs::exists(path_, unknown);
  const auto folder = fs::path(path_).parent_path();
  active_ = exists ? fs::is_regular_file(path_, unknown)
                   : folder.empty() || fs::is_directory(folder, unknown);
  if (!active_) return;  // nothing that could be lost: whoever opens it says what is wrong
  // Of the file itself, by whichever name it is written.
  auto file = fs::weakly_canonical(path_, unknown);
  if (unknown) file = path_;
  lock_.emplace(file.string() + ".lock", fmt::format("output file '{}'", path_),
                *comm::make_serial(), overwrite);
  if (!exists) return;
  if (mode == OpenMode::create) {
    if (!overwrite) {
      fail("exists already: choose another name, or say that it shall be overwritten");
    }
    if (!fs::remove(file, unknown)) {
      fail(fmt::format("cannot be replaced: {}", unknown.message()));
    }
    return;
  }
  const int writable = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
  if (writable < 0) {
    fail(fmt::format("cannot be written: {}", std::generic_category().message(errno)));
  }
  ::close(writable);
  if (fs::file_size(path_, unknown) > 0 && !is_hdf5(path_)) fail("is no HDF5 file");
  if (const auto reason = lock(); !reason.empty()) fail(reason);
}

// HDF5 locks a file exclusively to write it, which would keep out readers, and ourselves: if that
// is what the user wants, it is only tried.
std::string FileGuard::lock() {
  const bool by_hdf5 = hdf5_locks_files();
  const int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return "";
  const bool locked = ::flock(file, (by_hdf5 ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0;
  const int error = errno;
  if (locked && !by_hdf5) {
    descriptor_ = file;
    return "";
  }
  ::close(file);
  if (locked) return "";
  const std::string without = "HDF5_USE_FILE_LOCKING=FALSE in the environment does without";
  if (error == EWOULDBLOCK && by_hdf5) {
    return "another program, perhaps a notebook, has it open: close it there; " + without +
           " the locks of HDF5, and then only a writer is in the way";
  }
  if (error == EWOULDBLOCK) {
    return "another program, perhaps a notebook, has it open for writing: close it there";
  }
  return by_hdf5 && !hdf5_ignores(error)
             ? fmt::format("cannot be locked: {}; {} these locks",
                           std::generic_category().message(error), without)
             : "";
}

// A lock that HDF5 has by now is not tried.
void FileGuard::hold() {
  if (active_ && !hdf5_locks_files()) (void)lock();
}

void FileGuard::require_held() const {
  if (lock_) lock_->require_held(*comm::make_serial());
}

FileGuard::~FileGuard() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void FileGuard::fail(const std::string& reason) const {
  throw OutputError(fmt::format("output file '{}': {}", path_, reason));
}

}  // namespace eprop::recording
