#include "recording/file_copies.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string_view>
#include <system_error>
#include <utility>

#include "recording/hdf5_types.hpp"

namespace eprop::recording {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view draft_ending = ".draft", kept_ending = ".kept";
constexpr std::size_t key_digits = 16;

/// Nobody else's, so that who has lost the path to others finds no draft any more.
std::string new_key() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", std::uint32_t{random()}, std::uint32_t{random()});
}

/// Whether `name` is FILE.KEY.draft or FILE.KEY.kept.
bool belongs_to(std::string_view name, std::string_view file) {
  if (!name.starts_with(file)) return false;
  name.remove_prefix(file.size());
  if (name.size() <= 1 + key_digits || name.front() != '.') return false;
  const auto key = name.substr(1, key_digits), ending = name.substr(1 + key_digits);
  return std::ranges::all_of(key, [](unsigned char c) { return std::isxdigit(c) != 0; }) &&
         (ending == draft_ending || ending == kept_ending);
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// Once more after something was found: its owner may have given it another name in the meantime.
void remove_drafts_of_others(const fs::path& path) {
  const auto name = path.filename().string();
  std::error_code unknown;
  for (bool found = true; found;) {
    found = false;
    for (const auto& entry : fs::directory_iterator(folder_of(path), unknown)) {
      if (!belongs_to(entry.path().filename().string(), name)) continue;
      found = fs::remove(entry.path(), unknown) || found;
    }
  }
}

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

std::string text_of(int error) { return std::generic_category().message(error); }

[[noreturn]] void fail(const std::string& output, const std::string& problem,
                       const std::string& reason = "") {
  throw WriteError(
      fmt::format("output file '{}': {}{}{}", output, problem, reason.empty() ? "" : ": ", reason));
}

// File systems that cannot do it to a folder need not.
void write_folder_to_disk(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

// HDF5 elsewhere may open the file to read, but not to write.
int open_shared(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file >= 0) ::flock(file, LOCK_SH | LOCK_NB);
  return file;
}

// A process that was forked off meanwhile has the descriptor too, and the lock is not its own.
void unlock_and_close(int file) {
  if (file < 0) return;
  ::flock(file, LOCK_UN);
  ::close(file);
}

}  // namespace

void write_to_disk(const std::string& path, const std::string& output) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  const int error = file >= 0 && ::fsync(file) == 0 ? 0 : errno;
  if (file >= 0) ::close(file);
  if (error != 0) fail(output, "cannot be written to the disk", text_of(error));
}

FileCopies::FileCopies(std::string path, std::string output)
    : path_(std::move(path)), output_(std::move(output)) {
  const auto stem = fmt::format("{}.{}", path_, new_key());
  draft_ = stem + std::string(draft_ending);
  kept_ = stem + std::string(kept_ending);
  remove_drafts_of_others(path_);
}

FileCopies::~FileCopies() {
  unlock_and_close(published_);
  ::unlink(draft_.c_str());
  ::unlink(kept_.c_str());
}

FileCopies::Draft FileCopies::begin() {
  if (published_ < 0) published_ = open_shared(path_);
  if (std::exchange(has_older_, false) && !is_used_by_others()) return Draft::older;
  ::unlink(draft_.c_str());
  std::error_code error;
  fs::copy_file(path_, draft_, error);
  if (error) fail(output_, "cannot be copied to go on with it", error.message());
  return Draft::copied;
}

// Readers that use HDF5 lock what they have open, where there are locks. A second link is a backup.
bool FileCopies::is_used_by_others() const {
  const int file = ::open(draft_.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return true;
  struct stat found {};
  const bool used = ::fstat(file, &found) != 0 || found.st_nlink > 1 ||
                    (::flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK);
  unlock_and_close(file);
  return used;
}

bool FileCopies::is_ours() const {
  struct stat ours {};
  struct stat found {};
  if (published_ < 0 || ::stat(path_.c_str(), &found) != 0) return true;
  return ::fstat(published_, &ours) == 0 && same_file(ours, found);
}

// Without hard links there is no older file, and every round begins with a copy.
void FileCopies::publish() {
  write_to_disk(draft_, output_);
  if (!is_ours()) fail(output_, "another file has taken its place");
  const bool keeps = published_ >= 0 && ::link(path_.c_str(), kept_.c_str()) == 0;
  const int next = open_shared(draft_);
  if (::rename(draft_.c_str(), path_.c_str()) != 0) {
    const int error = errno;
    unlock_and_close(next);
    fail(output_, "cannot be replaced", text_of(error));
  }
  unlock_and_close(std::exchange(published_, next));
  has_older_ = keeps && ::rename(kept_.c_str(), draft_.c_str()) == 0;
  write_folder_to_disk(folder_of(path_).string());
}

}  // namespace eprop::recording
