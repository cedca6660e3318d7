// Preloaded, counts what a process does to files whose paths begin with $EPROP_KILL_FILES: writes,
// changes of size, of name and so on. Instead of the one of number $EPROP_KILL_AT, counted from 1,
// the process is killed; of a write half is done before. A process that ends otherwise writes how
// many there were to $EPROP_KILL_COUNT. Of an MPI job, only rank $EPROP_KILL_RANK (default 0) is
// meant. With $EPROP_NO_LINKS the file system has no hard links. Nothing waits for the disk.

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

const char* setting(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

std::atomic<long> count{0};

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

bool counts(const char* path) {
  const char* files = setting("EPROP_KILL_FILES", "");
  return *files != '\0' && std::strncmp(path, files, std::strlen(files)) == 0 &&
         std::strcmp(setting("OMPI_COMM_WORLD_RANK", "0"), setting("EPROP_KILL_RANK", "0")) == 0;
}

bool counts(int file) {
  std::array<char, 4096> path{};
  const auto link = "/proc/self/fd/" + std::to_string(file);
  return ::readlink(link.c_str(), path.data(), path.size() - 1) > 0 && counts(path.data());
}

bool is_the_last() { return ++count == std::atol(setting("EPROP_KILL_AT", "0")); }

[[noreturn]] void end() {
  ::kill(::getpid(), SIGKILL);
  std::abort();
}

struct Counter {
  ~Counter() {
    const char* path = setting("EPROP_KILL_COUNT", "");
    if (*path == '\0' || count == 0) return;
    if (std::FILE* file = std::fopen(path, "w")) {
      std::fprintf(file, "%ld\n", count.load());
      std::fclose(file);
    }
  }
} const counter;

}  // namespace

// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): headers of the C library
extern "C" {

ssize_t pwrite(int file, const void* data, size_t size, off_t at) {
  const auto real = next<decltype(pwrite)>("pwrite");
  if (counts(file) && is_the_last()) {
    (void)real(file, data, size / 2, at);
    end();
  }
  return real(file, data, size, at);
}

ssize_t write(int file, const void* data, size_t size) {
  const auto real = next<decltype(write)>("write");
  if (counts(file) && is_the_last()) {
    (void)real(file, data, size / 2);
    end();
  }
  return real(file, data, size);
}

ssize_t sendfile(int to, int from, off_t* at, size_t size) {
  const auto real = next<ssize_t(int, int, off_t*, size_t)>("sendfile");
  if (counts(to) && is_the_last()) {
    (void)real(to, from, at, size / 2);
    end();
  }
  return real(to, from, at, size);
}

int ftruncate(int file, off_t size) {
  if (counts(file) && is_the_last()) end();
  return next<decltype(ftruncate)>("ftruncate")(file, size);
}

int fsync(int file) {
  if (counts(file) && is_the_last()) end();
  return 0;
}

int rename(const char* from, const char* to) {
  if (counts(to) && is_the_last()) end();
  return next<decltype(rename)>("rename")(from, to);
}

int link(const char* from, const char* to) {
  if (counts(to) && is_the_last()) end();
  if (*setting("EPROP_NO_LINKS", "") == '\0') return next<decltype(link)>("link")(from, to);
  errno = EPERM;
  return -1;
}

int unlink(const char* path) {
  if (counts(path) && is_the_last()) end();
  return next<decltype(unlink)>("unlink")(path);
}

int remove(const char* path) {
  if (counts(path) && is_the_last()) end();
  return next<decltype(remove)>("remove")(path);
}
}
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
