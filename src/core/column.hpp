#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace eprop::core {

/// `bytes` of memory, aligned to cache lines; large ones are asked to lie in huge pages, for
/// whoever jumps about in them would miss the translation of addresses each time. std::bad_alloc if
/// there is none left. To be given back by free_lines().
[[nodiscard]] void* allocate_lines(std::size_t bytes);
void free_lines(void* memory) noexcept;

template <class T>
struct LineAllocator {
  using value_type = T;

  LineAllocator() = default;
  template <class U>
  LineAllocator(const LineAllocator<U>&) noexcept {}

  [[nodiscard]] T* allocate(std::size_t n) {
    return static_cast<T*>(allocate_lines(n * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t) noexcept { free_lines(memory); }

  template <class U>
  bool operator==(const LineAllocator<U>&) const noexcept {
    return true;
  }
};

/// One value per neuron, synapse or step, aligned to cache lines: vector registers as wide as a
/// line would otherwise straddle two with every access.
using Column = std::vector<double, LineAllocator<double>>;

/// What a vector has taken from the heap.
template <class T, class A>
std::uint64_t bytes_of(const std::vector<T, A>& values) {
  return values.capacity() * sizeof(T);
}

}  // namespace eprop::core
