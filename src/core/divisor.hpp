#pragma once

#include <bit>
#include <cstdint>
#include <limits>

#include "eprop/step.hpp"

namespace eprop::core {

/// A number of steps, at least 1, whose multiples are told without a division: n is a multiple of
/// odd * 2^k if n / odd modulo 2^64, rotated to the right by k bits, is no more than the largest
/// quotient there is (Granlund and Montgomery 1994, section 9).
class Divisor {
 public:
  constexpr Divisor(Step value)  // NOLINT: where a number of steps is wanted, it is one
      : value_(value), shift_(std::countr_zero(static_cast<std::uint64_t>(value))) {
    const auto d = static_cast<std::uint64_t>(value);
    const auto odd = d >> shift_;
    inverse_ = odd;  // right in 3 bits, and in twice as many after each of Newton's steps
    for (int bits = 3; bits < 64; bits *= 2) inverse_ *= 2 - odd * inverse_;
    largest_ = std::numeric_limits<std::uint64_t>::max() / d;
  }
  [[nodiscard]] constexpr Step value() const { return value_; }

  /// Whether n >= 0 is a multiple.
  [[nodiscard]] constexpr bool divides(Step n) const {
    return std::rotr(static_cast<std::uint64_t>(n) * inverse_, shift_) <= largest_;
  }

 private:
  Step value_;
  int shift_;
  std::uint64_t inverse_ = 0, largest_ = 0;
};

}  // namespace eprop::core
