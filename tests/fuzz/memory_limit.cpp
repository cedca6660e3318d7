#include "memory_limit.hpp"

#include <sys/resource.h>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

constexpr std::size_t largest = std::size_t{64} << 20U;  // bytes

void* allocate_aligned(std::size_t bytes, std::size_t alignment) {
  void* memory = nullptr;
  if (bytes > largest || ::posix_memalign(&memory, alignment, bytes == 0 ? 1 : bytes) != 0) {
    throw std::bad_alloc();
  }
  return memory;
}

}  // namespace

// In place of the address sanitizer's, which would end the program.
void* operator new(std::size_t bytes) { return allocate_aligned(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate_aligned(bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return bytes > largest ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

// NOLINTNEXTLINE(bugprone-reserved-identifier, readability-identifier-naming): the sanitizer's
extern "C" const char* __asan_default_options() {
  return "allocator_may_return_null=1:max_allocation_size_mb=64";
}

namespace eprop::fuzz {

void limit_memory() {
#ifndef __SANITIZE_ADDRESS__  // which maps more addresses than that for itself
  constexpr rlim_t all = std::size_t{4} << 30U;
  const rlimit limit{all, all};
  ::setrlimit(RLIMIT_AS, &limit);
#endif
}

}  // namespace eprop::fuzz
