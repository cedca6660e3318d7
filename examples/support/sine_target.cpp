#include "support/sine_target.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "support/linspace.hpp"

namespace eprop::examples {

namespace {

constexpr std::array<std::size_t, 4> periods = {1000, 500, 333, 200};  // steps

void add_sine(std::vector<double>& sum, double amplitude, double phase, std::size_t full_periods) {
  const double span = 2.0 * std::numbers::pi * static_cast<double>(full_periods);
  const std::vector<double> angles = linspace(phase, phase + span, sum.size());
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += amplitude * std::sin(angles[i]);
}

void normalise(std::vector<double>& signal) {
  if (signal.empty()) return;
  const double first = signal.front();
  double magnitude = 1e-6;  // keeps a constant signal at zero
  for (double& value : signal) {
    value -= first;
    magnitude = std::max(magnitude, std::abs(value));
  }
  for (double& value : signal) value /= magnitude;
}

}  // namespace

std::vector<double> sine_target(LegacyRandom& random, std::size_t sequence) {
  const std::vector<double> amplitudes = random.uniforms(periods.size(), 0.5, 2.0);
  const std::vector<double> phases = random.uniforms(periods.size(), 0.0, 2.0 * std::numbers::pi);
  std::vector<double> signal(sequence, 0.0);
  for (std::size_t k = 0; k < periods.size(); ++k) {
    add_sine(signal, amplitudes[k], phases[k], sequence / periods[k]);
  }
  normalise(signal);
  return signal;
}

}  // namespace eprop::examples
