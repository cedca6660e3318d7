#pragma once

#include <cstdint>
#include <vector>

namespace eprop::testing {

/// The times first, first + every, ... before `end` (ms).
[[nodiscard]] inline std::vector<double> times(double first, double end, double every) {
  std::vector<double> all;
  const auto nth = [&](std::int64_t n) { return first + static_cast<double>(n) * every; };
  for (std::int64_t n = 0; nth(n) < end; ++n) all.push_back(nth(n));
  return all;
}

}  // namespace eprop::testing
