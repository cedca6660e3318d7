#include "support/legacy_random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace eprop::examples {

namespace {

// As wide as NumPy's own check for probabilities held in single precision.
constexpr double probability_tolerance = 1e-3;

std::uint32_t twisted(std::uint32_t word, std::uint32_t next) {
  const auto y = (word & 0x80000000U) | (next & 0x7fffffffU);
  return y >> 1 ^ (-(y & 1U) & 0x9908b0dfU);
}

std::uint32_t tempered(std::uint32_t y) {
  y ^= y >> 11;
  y ^= y << 7 & 0x9d2c5680U;
  y ^= y << 15 & 0xefc60000U;
  return y ^ y >> 18;
}

}  // namespace

// What NumPy calls init_genrand.
LegacyRandom::LegacyRandom(std::uint32_t seed) : state_{seed}, words_{} {
  for (std::uint32_t i = 1; i < n_words; ++i) {
    const auto before = state_[i - 1];
    state_[i] = 1812433253U * (before ^ before >> 30) + i;
  }
}

/// Words only depend on those 227 places or more before them, so that many can be made at once.
void LegacyRandom::refill() {
  constexpr std::size_t shift = 397, back = n_words - shift;
  for (std::size_t i = 0; i < back; ++i) {
    state_[i] = state_[i + shift] ^ twisted(state_[i], state_[i + 1]);
  }
  for (std::size_t i = back; i < n_words - 1; ++i) {
    state_[i] = state_[i - back] ^ twisted(state_[i], state_[i + 1]);
  }
  state_.back() = state_[shift - 1] ^ twisted(state_.back(), state_.front());
  for (std::size_t i = 0; i < n_words; ++i) words_[i] = tempered(state_[i]);
  next_ = 0;
}

void LegacyRandom::skip(std::size_t words) {
  for (; words > n_words - next_; refill()) words -= n_words - next_;
  next_ += words;
}

double LegacyRandom::uniform() { return static_cast<double>(draw53()) / two_to_53; }

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

int LegacyRandom::choice() { return static_cast<int>(draw32() & 1U); }

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
