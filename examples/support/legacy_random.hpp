#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace eprop::examples {

/// The stream of NumPy's legacy generator, numpy.random.RandomState(seed), number for number.
///
/// The published tutorial scripts draw weights, inputs and targets from it, so that their losses
/// can only be met with the same numbers. Everything else in the simulator uses counter-based
/// random numbers. An array draws its elements one after the other in row-major order.
///
/// The generator is the Mersenne Twister MT19937 (Matsumoto & Nishimura 1998), which makes its 624
/// words at once, in loops over neighbouring words.
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

  /// Draws n numbers uniform() and calls f(i) for those below p, of index i among them, in order.
  template <class F>
  void for_each_below(double p, std::size_t n, F&& f) {
    if (!(p > 0.0)) return skip(2 * n);
    const auto bound = static_cast<std::uint64_t>(std::ceil(std::min(p, 1.0) * two_to_53));
    for (std::size_t i = 0; i < n;) {
      if (n_words - next_ < 2) {
        if (draw53() < bound) f(i);
        ++i;
        continue;
      }
      const auto* word = words_.data() + next_;
      const auto end = std::min(n, i + (n_words - next_) / 2);
      next_ += 2 * (end - i);
      for (; i < end; ++i, word += 2) {
        if (joined(word[0], word[1]) < bound) f(i);
      }
    }
  }

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
  static constexpr std::size_t n_words = 624;
  static constexpr double two_to_53 = 9007199254740992.0;

  std::uint32_t draw32() {
    if (next_ == n_words) refill();
    return words_[next_++];
  }
  /// 27 bits of one word and 26 of the next.
  static std::uint64_t joined(std::uint32_t high, std::uint32_t low) {
    return std::uint64_t{high >> 5} << 26 | low >> 6;
  }
  std::uint64_t draw53() {
    const auto high = draw32();
    return joined(high, draw32());
  }
  void skip(std::size_t words);
  void refill();

  std::array<std::uint32_t, n_words> state_, words_;  ///< words_: what is drawn from the state
  std::size_t next_ = n_words;                        ///< of the words, to be drawn
  double kept_normal_ = 0.0;
  bool has_kept_normal_ = false;
};

}  // namespace eprop::examples
