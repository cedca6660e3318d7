#include "eprop/write_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>

#include "eprop/comm/agreement.hpp"
#include "eprop/errors.hpp"
#include "recording/lock_owner.hpp"

namespace eprop {
namespace {

using recording::LockOwner;

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

[[noreturn]] void fail(const std::string& what, const std::string& reason) {
  throw OutputError(fmt::format("{}: {}", what, reason));
}

/// Writes a file that did not exist; returns the system's error, or 0.
int write_new(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) return errno;
  const auto written = ::write(file, text.data(), text.size());
  const int error = written < 0 ? errno : ENOSPC;
  ::close(file);
  if (written == static_cast<ssize_t>(text.size())) return 0;
  ::unlink(path.c_str());
  return error;
}

/// Creates the file with `text`; false if there is one. It has its text from the begin, but where
/// there are no hard links: a lock without owner would be nobody's to take over.
bool create(const std::string& path, const std::string& what, const std::string& text,
            const std::string& own_name) {
  ::unlink(own_name.c_str());
  int error = write_new(own_name, text);
  if (error == 0 && ::link(own_name.c_str(), path.c_str()) != 0) {
    error = errno == EEXIST ? EEXIST : write_new(path, text);
  }
  ::unlink(own_name.c_str());
  if (error == 0 || error == EEXIST) return error == 0;
  fail(what, fmt::format("cannot create its lock '{}': {}", path,
                         std::generic_category().message(error)));
}

/// Of a file beside the lock that nobody else touches.
std::string own_name(const std::string& path, const LockOwner& here, std::string_view ending) {
  return fmt::format("{}.{}.{}.{}", path, here.host, here.pid, ending);
}

/// Takes a lock away whose text is `judged`. Another process may have taken it over since: it is
/// moved aside, looked at again, and put back if it is not the one. If a third has been faster even
/// so, the second one notices by require_held().
void remove(const std::string& path, const std::string& judged, const LockOwner& here) {
  const auto aside = own_name(path, here, "old");
  if (::rename(path.c_str(), aside.c_str()) != 0) return;  // somebody else was faster
  if (text_of(aside) != judged) (void)!::link(aside.c_str(), path.c_str());
  ::unlink(aside.c_str());
}

}  // namespace

class WriteLock::Owned {
 public:
  Owned(const std::string& path, const std::string& what, bool take_over)
      : path_(path), what_(what), here_(recording::this_process()) {
    constexpr int most_attempts = 100;  // that others are faster
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
      if (create(path, what, recording::to_text(here_), own_name(path, here_, "new"))) return;
      const auto text = text_of(path);
      const auto owner = recording::lock_owner(text);
      if (!take_over && !recording::is_dead(owner, here_)) {
        fail(what, fmt::format("is being written by {}, says '{}': choose another, wait, or, if "
                               "that process has ended, remove this file",
                               recording::describe(owner), path));
      }
      remove(path, text, here_);
    }
    fail(what, fmt::format("its lock '{}' keeps changing hands", path));
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  /// A lock that somebody else has taken over is theirs.
  ~Owned() {
    const auto text = recording::to_text(here_);
    if (text_of(path_) == text) remove(path_, text, here_);
  }

  void require_held() const {
    const auto text = text_of(path_);
    if (text == recording::to_text(here_)) return;
    fail(what_, text.empty()
                    ? fmt::format("its lock '{}' is gone: another job may write it", path_)
                    : fmt::format("has been taken over by {}, says '{}'",
                                  recording::describe(recording::lock_owner(text)), path_));
  }

 private:
  std::string path_, what_;
  LockOwner here_;
};

WriteLock::WriteLock(const std::string& path, const std::string& what, comm::Communicator& comm,
                     bool take_over) {
  comm::on_first_rank<OutputError>(comm, fmt::format("locking {}", what), [&] {
    owned_ = std::make_unique<Owned>(path, what, take_over);
  });
}

void WriteLock::require_held(comm::Communicator& comm) const {
  comm::on_first_rank<OutputError>(comm, "looking for a lock", [&] { owned_->require_held(); });
}

WriteLock::WriteLock(WriteLock&&) noexcept = default;
WriteLock& WriteLock::operator=(WriteLock&&) noexcept = default;
WriteLock::~WriteLock() = default;

}  // namespace eprop
