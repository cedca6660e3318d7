#include "network/check_devices.hpp"

#include <algorithm>
#include <cmath>

#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "network/check_shape.hpp"
#include "network/drawn_value.hpp"

namespace eprop::network {

using core::refuse;

namespace {

[[noreturn]] void refuse_past(const std::string& thing, std::string_view parameter, double time,
                              double dt, Step now) {
  refuse(thing, parameter, time, "ms",
         fmt::format("lies before the next step, which begins at {:.12g} ms",
                     static_cast<double>(now) * dt));
}

}  // namespace

void check_trains(const std::string& thing, const std::vector<std::vector<double>>& times,
                  double dt, Step not_before) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    for (const double time : times[i]) {
      const bool fine = std::isfinite(time) && core::on_grid(time, dt) &&
                        time >= (static_cast<double>(not_before) - 0.5) * dt && time < 1e15 * dt;
      if (fine) continue;
      const auto parameter = fmt::format("spike time of neuron {}", i);
      if (core::to_steps(time, dt, thing, parameter) < not_before) {
        refuse_past(thing, parameter, time, dt, not_before);
      }
    }
  }
}

void check_poisson(const std::string& thing, std::uint32_t index, std::uint32_t size,
                   const PoissonSource& source, const NetworkOptions& options) {
  check_shape(thing, "rate", "spikes/s", source.rate, size);
  const core::RandomStream random(options.seed, core::Purpose::neuron_parameter, index);
  const DrawnValue rate(source.rate, random, 0);
  const bool common = std::holds_alternative<double>(source.rate.content());
  for (std::uint32_t i = 0; i < (common ? std::min(size, 1U) : size); ++i) {
    if (!(std::isfinite(rate(i)) && rate(i) >= 0)) {
      refuse(thing, "rate", rate(i), "spikes/s", "must be >= 0 and finite");
    }
  }
  (void)core::to_steps(source.start, options.dt, thing, "start");
  if (!(std::isinf(source.stop) && source.stop > 0)) {
    (void)core::to_steps(source.stop, options.dt, thing, "stop");
  }
}

void check_rates(const std::string& thing, const StepRates& rates, double dt, Step not_before) {
  Step before = -1;
  for (const double time : rates.times) {
    const auto step = core::to_steps(time, dt, thing, "times");
    if (step < not_before) {
      refuse_past(thing, "times", time, dt, not_before);
    }
    if (step <= before) refuse(thing, "times", time, "ms", "must increase");
    before = step;
  }
  for (const auto& amplitudes : rates.amplitudes) {
    if (amplitudes.size() != rates.times.size()) {
      refuse(thing, "amplitudes", fmt::format("array of {}", amplitudes.size()), "values",
             fmt::format("must have one value for each of the {} times", rates.times.size()));
    }
    for (const double a : amplitudes) {
      if (!std::isfinite(a)) refuse(thing, "amplitudes", a, "", "must be finite");
    }
  }
}

}  // namespace eprop::network
