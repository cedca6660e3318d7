#pragma once

#include <cstdint>

#include "core/random.hpp"
#include "eprop/value.hpp"

namespace eprop::network {

/// A Value with its random numbers: the value of every element, wherever it is asked for.
class DrawnValue {
 public:
  /// `draw` tells apart distributions of one object, such as the parameters of a population.
  DrawnValue(const Value& value, const core::RandomStream& random, std::uint32_t draw)
      : value_(value), random_(random), draw_(draw) {}

  [[nodiscard]] double operator()(std::uint64_t element) const {
    struct {
      const DrawnValue& drawn;
      std::uint64_t i;
      double operator()(double constant) const { return constant; }
      double operator()(const Value::Array& array) const { return array[i]; }
      double operator()(const Normal& d) const {
        return d.mean + d.std * drawn.random_.normal(i, drawn.draw_);
      }
      double operator()(const Uniform& d) const {
        return d.low + (d.high - d.low) * drawn.random_.uniform(i, drawn.draw_);
      }
    } const visitor{*this, element};
    return std::visit(visitor, value_.content());
  }

 private:
  const Value& value_;
  core::RandomStream random_;
  std::uint32_t draw_;
};

}  // namespace eprop::network
