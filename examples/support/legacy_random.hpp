#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace eprop::examples {

/// The stream of NumPy's legacy generator, numpy.random.RandomState(seed), number for number.
///
/// The published tutorial scripts draw weights, inputs and targets from it, so that their losses
/// can only be met with the same numbers. Everything else in the simulator uses counter-based
/// random numbers. An array draws its elements one after the other in row-major order.
class LegacyRandom {
 public:
  explicit LegacyRandom(std::uint32_t seed);

  /// Uniform in [0, 1) with 53 random bits, from two 32-bit draws.
  double uniform();

  /// low + (high - low) * uniform()
  double uniform(double low, double high);

  /// Standard normal by Marsaglia's polar method; every other call returns a number kept from the
  /// call before, whatever was drawn in between.
  double normal();

  /// mean + deviation * normal()
  double normal(double mean, double deviation);

  std::vector<double> uniforms(std::size_t n, double low = 0.0, double high = 1.0);
  std::vector<double> normals(std::size_t n, double mean = 0.0, double deviation = 1.0);

  /// choice([0, 1]): one fair bit, from one 32-bit draw.
  int choice();

  /// choice([0, 1], n)
  std::vector<int> choice(std::size_t n);

  /// choice([0, 1], n, p=[p0, p1]), one uniform() each. NumPy accumulates the probabilities in
  /// double precision: where a script holds them in single precision, pass floats.
  /// Throws std::invalid_argument unless both lie in [0, 1] and add up to 1 within 1e-3.
  std::vector<int> choice(std::size_t n, double p0, double p1);

 private:
  std::mt19937 engine_;
  double kept_normal_ = 0.0;
  bool has_kept_normal_ = false;
};

}  // namespace eprop::examples
