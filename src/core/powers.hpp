#pragma once

#include <array>
#include <cmath>

#include "eprop/step.hpp"

namespace eprop::core {

/// The powers of one factor with whole exponents; those up to +-64 lie in a table.
class Powers {
 public:
  explicit Powers(double base = 0.0) : base_(base) {
    for (Step e = -tabulated; e <= tabulated; ++e) {
      table_[static_cast<std::size_t>(e + tabulated)] = compute(e);
    }
  }

  [[nodiscard]] double base() const { return base_; }
  [[nodiscard]] double operator()(Step exponent) const {
    if (exponent < -tabulated || exponent > tabulated) return compute(exponent);
    return table_[static_cast<std::size_t>(exponent + tabulated)];
  }

 private:
  static constexpr Step tabulated = 64;

  [[nodiscard]] double compute(Step exponent) const {
    return std::pow(base_, static_cast<double>(exponent));
  }

  double base_;
  std::array<double, 2 * tabulated + 1> table_;
};

}  // namespace eprop::core
