#include "support/curve_target.hpp"

#include <cmath>
#include <numbers>

#include "support/linspace.hpp"

namespace eprop::examples {

namespace {

std::vector<double> sine_over(double full_periods, std::size_t sequence) {
  std::vector<double> values = linspace(0.0, full_periods * 2.0 * std::numbers::pi, sequence);
  for (double& value : values) value = std::sin(value);
  return values;
}

}  // namespace

CurveTarget lemniscate_target(std::size_t sequence) {
  return {sine_over(1.0, sequence), sine_over(2.0, sequence)};
}

}  // namespace eprop::examples
