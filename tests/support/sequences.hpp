#pragma once

#include <cstddef>
#include <numeric>
#include <vector>

namespace eprop::testing {

/// 0, 1, ..., n - 1.
template <class T>
[[nodiscard]] std::vector<T> counting(std::size_t n) {
  std::vector<T> values(n);
  std::iota(values.begin(), values.end(), T{0});
  return values;
}

/// first + i * step for each i < n.
[[nodiscard]] inline std::vector<double> ramp(std::size_t n, double first, double step) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = first + step * static_cast<double>(i);
  return values;
}

}  // namespace eprop::testing
