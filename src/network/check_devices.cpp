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

/// What event_step() does with times in which there may be something to refuse.
Step unusual_step(const std::string& thing, std::string_view parameter, double time,
                  bool round_times, double dt, Step not_before) {
  const bool nearest = round_times && std::isfinite(time) && std::abs(time / dt) < 1e15;
  if (!nearest && std::isfinite(time) && !core::on_grid(time, dt)) {
    refuse(
        thing, parameter, time, "ms",
        fmt::format("must be a multiple of dt = {} ms; with round_times the nearest is taken", dt));
  }
  const auto step = nearest ? static_cast<Step>(std::llrint(time / dt))
                            : core::to_steps(time, dt, thing, parameter);
  if (step < not_before) {
    refuse(thing, parameter, time, "ms",
           not_before == 0 ? std::string("must be >= 0")
                           : fmt::format("lies before the next step, which begins at {:.12g} ms",
                                         static_cast<double>(not_before) * dt));
  }
  return step;
}

/// The step of an event, which is not before step `not_before`: 0, or the next of a simulation.
/// parameter() names it; called only to refuse it, as there may be many events.
template <class F>
Step event_step(const std::string& thing, const F& parameter, double time, bool round_times,
                double dt, Step not_before) {
  const double steps = std::rint(time / dt);
  const bool fine = (round_times || core::on_grid(time, dt)) &&
                    steps >= static_cast<double>(not_before) &&
                    steps < 1e15;  // also unless it is a number
  if (fine) return static_cast<Step>(steps);
  return unusual_step(thing, parameter(), time, round_times, dt, not_before);
}

}  // namespace

void check_trains(const std::string& thing, const std::vector<std::vector<double>>& times,
                  bool round_times, double dt, Step not_before) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto name = [&] { return fmt::format("spike time of neuron {}", i); };
    for (const double time : times[i]) {
      (void)event_step(thing, name, time, round_times, dt, not_before);
    }
  }
}

void check_events(const std::string& thing, const SpikeEvents& events, std::uint32_t size,
                  Step not_before) {
  const auto& [steps, neurons] = events;
  if (steps.size() != neurons.size()) {
    refuse(thing, "steps", steps.size(), "events",
           fmt::format("must be as many as neurons, {}", neurons.size()));
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i] >= not_before && steps[i] <= core::most_steps && neurons[i] < size) continue;
    if (neurons[i] >= size) {
      refuse(thing, fmt::format("neurons[{}]", i), neurons[i], "",
             fmt::format("must be below {}, the size of the population", size));
    }
    refuse(thing, fmt::format("steps[{}]", i), steps[i], "",
           fmt::format("must be from {}, the next step, to {}", not_before, core::most_steps));
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
      refuse(common ? thing : fmt::format("{}, neuron {}", thing, i), "rate", rate(i), "spikes/s",
             "must be >= 0 and finite");
    }
  }
  (void)core::to_steps(source.start, options.dt, thing, "start");
  if (!(std::isinf(source.stop) && source.stop > 0)) {
    (void)core::to_steps(source.stop, options.dt, thing, "stop");
  }
}

void check_rates(const std::string& thing, const StepRates& rates, bool round_times, double dt,
                 Step not_before) {
  Step before = -1;
  for (std::size_t i = 0; i < rates.times.size(); ++i) {
    const double time = rates.times[i];
    const auto parameter = [&] { return fmt::format("times[{}]", i); };
    const auto step = event_step(thing, parameter, time, round_times, dt, not_before);
    if (step <= before) {
      refuse(thing, parameter(), time, "ms",
             fmt::format("must be at least a step of {} ms after the time before, {} ms", dt,
                         rates.times[i - 1]));
    }
    before = step;
  }
  for (std::size_t g = 0; g < rates.amplitudes.size(); ++g) {
    const auto& amplitudes = rates.amplitudes[g];
    if (amplitudes.size() != rates.times.size()) {
      refuse(thing, fmt::format("amplitudes[{}]", g), fmt::format("array of {}", amplitudes.size()),
             "values",
             fmt::format("must have one value for each of the {} times", rates.times.size()));
    }
    for (std::size_t i = 0; i < amplitudes.size(); ++i) {
      if (std::isfinite(amplitudes[i])) continue;
      refuse(thing, fmt::format("amplitudes[{}][{}]", g, i), amplitudes[i], "", "must be finite");
    }
  }
}

}  // namespace eprop::network
