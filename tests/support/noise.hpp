#pragma once

#include <cstdint>

#include "eprop/step.hpp"

namespace eprop::testing {

enum class Quantity : std::uint64_t { psi, reg, error, B, weight, spike };

/// A number in [0, 1) that looks random and depends on its arguments only (splitmix64).
inline double noise(Quantity quantity, std::uint64_t i, Step t = 0) {
  std::uint64_t x =
      (static_cast<std::uint64_t>(quantity) << 56) + (i << 40) + static_cast<std::uint64_t>(t);
  x = (x + 1) * 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

}  // namespace eprop::testing
