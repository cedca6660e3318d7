#include "recording/file_guard.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
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

/// Whether a file begins as HDF5 files do.
bool is_hdf5(const std::string& path) {
  std::array<char, 8> begin{};
  std::ifstream(path, std::ios::binary).read(begin.data(), begin.size());
  return std::string_view(begin.data(), begin.size()) == "\x89HDF\r\n\x1a\n";
}

/// Whether another program has it open to write with the locks of HDF5: flock(), shared to read and
/// exclusive to write. Where there are no file locks, nobody has.
bool is_written_by_hdf5(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool written = ::flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(file);
  return written;
}

}  // namespace

FileGuard::FileGuard(const std::string& path, OpenMode mode, bool overwrite,
                     comm::Communicator& comm)
    : path_(path) {
  comm::on_first_rank<OutputError>(comm, fmt::format("opening output file '{}'", path),
                                   [&] { prepare(mode, overwrite); });
}

void FileGuard::prepare(OpenMode mode, bool overwrite) {
  std::error_code unknown;
  const bool exists = fs::exists(path_, unknown);
  const auto folder = fs::path(path_).parent_path();
  const bool can_be_lost = exists ? fs::is_regular_file(path_, unknown)
                                  : folder.empty() || fs::is_directory(folder, unknown);
  if (!can_be_lost) return;  // whoever opens it says what is wrong
  // Of the file itself, by whichever name it is written.
  auto file = fs::weakly_canonical(path_, unknown);
  if (unknown) file = path_;
  lock_.emplace(file.string() + ".lock", fmt::format("output file '{}'", path_),
                *comm::make_serial(), overwrite);
  copies_.emplace(fs::is_symlink(path_, unknown) ? file.string() : path_, path_);
  if (!fs::exists(path_, unknown)) return;
  if (mode == OpenMode::append) return require_writable();
  if (!overwrite) fail("exists already: choose another name, or say that it shall be overwritten");
}

void FileGuard::require_writable() const {
  const int writable = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
  if (writable < 0) {
    fail(fmt::format("cannot be written: {}", std::generic_category().message(errno)));
  }
  ::close(writable);
  if (fs::file_size(path_) > 0 && !is_hdf5(path_)) fail("is no HDF5 file");
  if (is_written_by_hdf5(path_)) {
    fail("another program, perhaps a notebook, has it open for writing: close it there");
  }
}

void FileGuard::require_held() const {
  try {
    if (lock_) lock_->require_held(*comm::make_serial());
  } catch (const OutputError& error) {
    throw WriteError(error.what());
  }
}

void FileGuard::fail(const std::string& reason) const {
  throw OutputError(fmt::format("output file '{}': {}", path_, reason));
}

}  // namespace eprop::recording
