#pragma once

#include <algorithm>
#include <cstddef>
#include <experimental/simd>

/// Neighbouring values worked on together in vector registers, where a loop's state should stay in
/// them and the compiler would not keep it there.
namespace eprop::core {

using std::experimental::element_aligned;

/// N doubles.
template <std::size_t N>
using Block = std::experimental::fixed_size_simd<double, N>;
/// As many doubles as fill a register.
using Lanes = std::experimental::native_simd<double>;
/// One double, for what is less than a register.
using Lane = std::experimental::simd<double, std::experimental::simd_abi::scalar>;

/// Covers the elements [0, n) with calls of f.operator()<V>(i), each for the elements [i, i +
/// V::size()): blocks of N, then registers, or single elements if n does not fill a register. The
/// last two may overlap, so f must not read what it writes. Each element is computed alike in all.
template <std::size_t N, class F>
void for_blocks(std::size_t n, F&& f) {
  static_assert(N >= Lanes::size());
  std::size_t i = 0;
  for (; i + N <= n; i += N) f.template operator()<Block<N>>(i);
  if (n < Lanes::size()) {
    for (; i < n; ++i) f.template operator()<Lane>(i);
    return;
  }
  for (; i < n; i += Lanes::size()) f.template operator()<Lanes>(std::min(i, n - Lanes::size()));
}

/// Where a block of for_blocks() may keep values of its own: [i, i + V::size()), but for the last,
/// which overlaps another, behind all others. n + Lanes::size() places are enough.
template <class V>
std::size_t slot(std::size_t i) {
  if constexpr (V::size() == 1) return i;
  return (i + Lanes::size() - 1) / Lanes::size() * Lanes::size();
}

}  // namespace eprop::core
