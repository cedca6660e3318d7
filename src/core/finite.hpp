#pragma once

#include <bit>
#include <cstdint>
#include <span>

namespace eprop::core {

/// Zero exactly if x is a number: x - x is +0 then, and NaN if x is infinite or NaN. Those of many
/// values are or-ed, which has no order and is a vector operation.
[[nodiscard]] inline std::uint64_t not_finite(double x) {
  return std::bit_cast<std::uint64_t>(x - x);
}

[[nodiscard]] inline bool all_finite(std::span<const double> values) {
  std::uint64_t bits = 0;
  for (const double x : values) bits |= not_finite(x);
  return bits == 0;
}

}  // namespace eprop::core
