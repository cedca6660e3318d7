#include "support/linspace.hpp"

namespace eprop::examples {

std::vector<double> linspace(double start, double stop, std::size_t n) {
  std::vector<double> values(n, start);
  if (n < 2) return values;
  const double step = (stop - start) / static_cast<double>(n - 1);
  for (std::size_t i = 0; i + 1 < n; ++i) values[i] = static_cast<double>(i) * step + start;
  values.back() = stop;
  return values;
}

}  // namespace eprop::examples
