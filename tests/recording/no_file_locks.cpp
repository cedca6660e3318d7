// Preloaded, makes a program believe that no file system has locks.

#include <cerrno>

extern "C" int flock(int /*file*/, int /*operation*/) {
  errno = ENOSYS;
  return -1;
}
