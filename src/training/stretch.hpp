#pragma once

#include <algorithm>

#include "eprop/step.hpp"

namespace eprop::training {

/// How many steps to simulate until the next look at what has been asked for, by the time that the
/// last ones have taken. Results do not depend on it.
class Stretch {
 public:
  static constexpr double seconds = 0.2;  ///< that a stretch shall take

  [[nodiscard]] Step steps() const { return steps_; }
  /// Takes what some steps have taken.
  void adapt(Step steps, double taken) {
    const double fitting = static_cast<double>(steps) * seconds / std::max(taken, 1e-9);
    // A shorter stretch, at the end of an iteration, says little.
    if (steps < steps_ && fitting >= static_cast<double>(steps_)) return;
    constexpr Step growth = 8;
    steps_ = std::max<Step>(
        1, static_cast<Step>(std::min(fitting, static_cast<double>(growth * steps_))));
  }

 private:
  Step steps_ = 1;
};

}  // namespace eprop::training
