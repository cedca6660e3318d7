#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <limits>

#include "eprop/step.hpp"

/// What is not finite is noted by the thread that computes it, and ends the simulation on all ranks
/// at the next verdict. The ranks agree on what comes first by step and place in the network, which
/// is the same on every layout.
namespace eprop::state {

/// In the order in which a step computes them.
enum class Quantity : std::uint32_t { weight, potential, error_signal, loss };

struct Divergence {
  Step step = std::numeric_limits<Step>::max();  ///< none
  Quantity quantity = Quantity::weight;
  std::uint32_t index = 0;  ///< of the projection (weight) or population

  auto operator<=>(const Divergence&) const = default;
  [[nodiscard]] bool found() const { return step != Divergence{}.step; }
  void note(const Divergence& other) { *this = std::min(*this, other); }
};

}  // namespace eprop::state
