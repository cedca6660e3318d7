#pragma once

#include <array>
#include <cstdint>

namespace eprop::datasets {

/// What a sequence of random numbers is for; sequences of different purposes never coincide.
enum class RandomPurpose : std::uint32_t {
  train_sample = 1,  ///< drawn digits
  test_sample = 2,
  epoch_order = 3,
  train_scan = 4,  ///< the camera's look at a scanned digit
  test_scan = 5,
  word = 6,  ///< what a made-up word sounds like
  train_word = 7,
  test_word = 8
};

/// A sequence of random numbers that depends on nothing but (seed, purpose, index): Philox4x32-10
/// (Salmon et al. 2011) with the seed as key, and purpose, index and position as counter.
class CounterRandom {
 public:
  CounterRandom(std::uint64_t seed, RandomPurpose purpose, std::uint64_t index);

  std::uint32_t bits();

  /// In (0, 1).
  double uniform() { return (bits() + 0.5) * 0x1p-32; }

  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Mean 0, standard deviation 1 (Box and Muller 1958).
  double normal();

  /// Every integer in 0 .. bound - 1 with the same probability; bound > 0.
  std::uint64_t below(std::uint64_t bound);

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  std::uint32_t used_ = 4;
};

}  // namespace eprop::datasets
