#include "support/legacy_random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace eprop::examples {

namespace {

// As wide as NumPy's own check for probabilities held in single precision.
constexpr double probability_tolerance = 1e-3;

}  // namespace

// The standard prescribes for mt19937 the seeding that NumPy calls init_genrand.
LegacyRandom::LegacyRandom(std::uint32_t seed) : engine_(seed) {}

double LegacyRandom::uniform() {
  const auto high = static_cast<double>(engine_() >> 5);  // 27 bits
  const auto low = static_cast<double>(engine_() >> 6);   // 26 bits
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

double LegacyRandom::uniform(double low, double high) { return low + (high - low) * uniform(); }

double LegacyRandom::normal() {
  if (has_kept_normal_) {
    has_kept_normal_ = false;
    return kept_normal_;
  }
  double x1 = 0.0, x2 = 0.0, squared_radius = 0.0;
  do {
    x1 = 2.0 * uniform() - 1.0;
    x2 = 2.0 * uniform() - 1.0;
    squared_radius = x1 * x1 + x2 * x2;
  } while (squared_radius >= 1.0 || squared_radius == 0.0);

  const double factor = std::sqrt(-2.0 * std::log(squared_radius) / squared_radius);
  kept_normal_ = factor * x1;
  has_kept_normal_ = true;
  return factor * x2;
}

double LegacyRandom::normal(double mean, double deviation) { return mean + deviation * normal(); }

std::vector<double> LegacyRandom::uniforms(std::size_t n, double low, double high) {
  std::vector<double> values(n);
  std::generate(values.begin(), values.end(), [&] { return uniform(low, high); });
  return values;
}

std::vector<double> LegacyRandom::normals(std::size_t n, double mean, double deviation) {
  std::vector<double> values(n);
  std::generate(values.begin(), values.end(), [&] { return normal(mean, deviation); });
  return values;
}

int LegacyRandom::choice() { return static_cast<int>(engine_() & 1u); }

std::vector<int> LegacyRandom::choice(std::size_t n) {
  std::vector<int> values(n);
  std::generate(values.begin(), values.end(), [&] { return choice(); });
  return values;
}

std::vector<int> LegacyRandom::choice(std::size_t n, double p0, double p1) {
  const bool in_range = p0 >= 0.0 && p0 <= 1.0 && p1 >= 0.0 && p1 <= 1.0;
  if (!in_range || std::abs(p0 + p1 - 1.0) > probability_tolerance) {
    throw std::invalid_argument(fmt::format(
        "choice between 0 and 1: probabilities must lie in [0, 1] and add up to 1, not {} and {}",
        p0, p1));
  }
  const double boundary = p0 / (p0 + p1);
  std::vector<int> values(n);
  std::generate(values.begin(), values.end(), [&] { return boundary <= uniform() ? 1 : 0; });
  return values;
}

}  // namespace eprop::examples
