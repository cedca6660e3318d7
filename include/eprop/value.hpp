#pragma once

#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace eprop {

/// Normal distribution; std >= 0.
struct Normal {
  double mean = 0.0;
  double std = 1.0;
};

/// Uniform distribution on [low, high).
struct Uniform {
  double low = 0.0;
  double high = 1.0;
};

/// A parameter of many neurons or synapses: one value for all, one per element, or a distribution.
/// Draws depend on the network's seed, the parameter and the element's global index alone.
class Value {
 public:
  using Array = std::vector<double>;

  template <class T>
  requires std::is_arithmetic_v<T> Value(T constant) : content_(static_cast<double>(constant)) {}
  Value(Array one_per_element) : content_(std::move(one_per_element)) {}
  Value(Normal distribution) : content_(distribution) {}
  Value(Uniform distribution) : content_(distribution) {}

  [[nodiscard]] const std::variant<double, Array, Normal, Uniform>& content() const {
    return content_;
  }

 private:
  std::variant<double, Array, Normal, Uniform> content_;
};

}  // namespace eprop
