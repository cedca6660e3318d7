#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <vector>

namespace eprop::fuzz {

/// The random choices of a case: they depend on the seed and the case's number alone (splitmix64).
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t number) : state_(seed) {
    state_ = word() + number;
    // Most cases are nearly sane, or they would end before they have simulated anything.
    oddity_ = one_of({0.0, 0.0, 0.002, 0.01, 0.05});
  }

  std::uint64_t word() {
    std::uint64_t x = state_ += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
  }

  /// 0 .. n - 1; 0 if n is.
  std::uint64_t below(std::uint64_t n) { return n == 0 ? 0 : word() % n; }
  double between(double low, double high) {
    return low + (high - low) * static_cast<double>(word() >> 11U) * 0x1p-53;
  }
  bool chance(double probability) { return between(0.0, 1.0) < probability; }
  /// Whether nothing is odd in this case.
  [[nodiscard]] bool is_sane() const { return oddity_ == 0.0; }
  /// Whether what comes next is to be odd.
  bool odd() { return chance(oddity_); }

  template <class T>
  T one_of(std::initializer_list<T> values) {
    return *(values.begin() + below(values.size()));
  }
  template <class T>
  const T& one_of(const std::vector<T>& values) {
    return values[below(values.size())];
  }

  /// Numbers at which programs stumble.
  double odd_number() {
    using Limits = std::numeric_limits<double>;
    switch (below(4)) {
      case 0:
        return one_of({0.0, -0.0, -1.0, 1.0, 0.5, 1e-3, 4294967295.0, 4294967296.0, 1e15, -1e15});
      case 1:
        return one_of({Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity(), Limits::max(),
                       Limits::lowest(), Limits::min(), Limits::denorm_min(), Limits::epsilon()});
      case 2:
        return (chance(0.5) ? 1.0 : -1.0) * std::pow(10.0, between(-320.0, 308.0));
      default:
        return std::bit_cast<double>(word());
    }
  }
  /// The same for whole numbers.
  std::int64_t odd_integer() {
    using Limits = std::numeric_limits<std::int64_t>;
    if (chance(0.5)) return static_cast<std::int64_t>(word() >> below(64));
    return one_of<std::int64_t>({0, -1, 1, 255, 4294967295, 4294967296, Limits::max(),
                                 Limits::max() - 1, Limits::min(), -4294967296});
  }
  /// An index below n, or one beyond.
  std::uint32_t index(std::size_t n) {
    if (n > 0 && !odd()) return static_cast<std::uint32_t>(below(n));
    return one_of({static_cast<std::uint32_t>(n), std::numeric_limits<std::uint32_t>::max()});
  }

 private:
  std::uint64_t state_;
  double oddity_;
};

}  // namespace eprop::fuzz
