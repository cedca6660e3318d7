#include "core/steps.hpp"

#include <algorithm>
#include <cmath>

#include "core/refuse.hpp"

namespace eprop::core {

Step to_steps(double time, double dt, std::string_view thing, std::string_view parameter,
              Step at_least) {
  if (!std::isfinite(time)) refuse(thing, parameter, time, "ms", "must be finite");
  if (std::abs(time / dt) > static_cast<double>(most_steps)) {
    refuse(thing, parameter, time, "ms", fmt::format("must be below 1e15 steps of dt = {} ms", dt));
  }
  if (!on_grid(time, dt)) {
    refuse(thing, parameter, time, "ms", fmt::format("must be a multiple of dt = {} ms", dt));
  }
  const auto steps = static_cast<Step>(std::llrint(time / dt));
  if (steps < at_least) {
    refuse(thing, parameter, time, "ms",
           at_least == 0   ? std::string("must be >= 0")
           : at_least == 1 ? fmt::format("must be at least dt = {} ms", dt)
                           : fmt::format("must be at least {} steps of dt = {} ms", at_least, dt));
  }
  return steps;
}

double nearest_steps(double time, double dt) { return std::rint(std::min(time / dt, 1e9)); }

Step next_on_grid(Step first, Step every, Step now) {
  return now <= first ? first : first + (now - first + every - 1) / every * every;
}

}  // namespace eprop::core
