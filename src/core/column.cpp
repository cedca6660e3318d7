#include "core/column.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace eprop::core {
namespace {

constexpr std::size_t line = 64;
constexpr std::size_t huge_page = std::size_t{2} << 20;

}  // namespace

void* allocate_lines(std::size_t bytes) {
  const bool large = bytes >= huge_page;
  void* memory = std::aligned_alloc(large ? huge_page : line, (bytes + line - 1) / line * line);
  if (memory == nullptr) throw std::bad_alloc();
  // A wish: where it is not granted, pages are small.
  if (large) ::madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE);
  return memory;
}

void free_lines(void* memory) noexcept { std::free(memory); }

}  // namespace eprop::core
