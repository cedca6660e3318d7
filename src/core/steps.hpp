#pragma once

#include <cmath>
#include <string_view>

#include "eprop/step.hpp"

namespace eprop::core {

/// The largest number of steps that a time may be.
inline constexpr Step most_steps = 1'000'000'000'000'000;

/// Whether a time (ms) lies on the grid of multiples of dt, up to the rounding of decimal
/// fractions.
[[nodiscard]] inline bool on_grid(double time, double dt) {
  const double steps = time / dt;
  return std::abs(steps - std::rint(steps)) <= 1e-6 + 1e-12 * std::abs(steps);
}

/// time/dt. Throws InvalidParameter in the words of refuse() if the time is not finite, not on the
/// grid or below `at_least` steps.
[[nodiscard]] Step to_steps(double time, double dt, std::string_view thing,
                            std::string_view parameter, Step at_least = 0);

/// A time (ms) that may be off the grid or infinite, in steps: the nearest number, at most 1e9.
[[nodiscard]] double nearest_steps(double time, double dt);

/// The earliest of the steps first, first + every, ... that is not before `now`.
[[nodiscard]] Step next_on_grid(Step first, Step every, Step now);

}  // namespace eprop::core
