#include "devices/step_rates.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/refuse.hpp"

namespace eprop::devices {

StepRatePlayer::StepRatePlayer(const StepRates& rates, double dt)
    : now_(rates.amplitudes.size(), 0.0) {
  add(rates, dt, "rate generator");
}

void StepRatePlayer::add(const StepRates& rates, double dt, const std::string& thing) {
  if (rates.amplitudes.size() != now_.size()) {
    core::refuse(thing, "amplitudes", rates.amplitudes.size(), "rows",
                 fmt::format("must be one for each of the {} generators", now_.size()));
  }
  drop_used();
  for (std::size_t i = 0; i < rates.times.size(); ++i) {
    const auto step = static_cast<Step>(std::llrint(rates.times[i] / dt));
    if (step <= last_) {
      core::refuse(thing, "times", rates.times[i], "ms", "must be later than all given before");
    }
    last_ = step;
    steps_.push_back(step);
    for (const auto& amplitudes : rates.amplitudes) amplitudes_.push_back(amplitudes[i]);
  }
}

/// Only where no more remain than are dropped: to add amplitudes costs what is added, however many
/// are to come.
void StepRatePlayer::drop_used() {
  if (next_ < steps_.size() - next_) return;
  const auto used = static_cast<std::ptrdiff_t>(next_);
  steps_.erase(steps_.begin(), steps_.begin() + used);
  amplitudes_.erase(amplitudes_.begin(),
                    amplitudes_.begin() + used * static_cast<std::ptrdiff_t>(now_.size()));
  next_ = 0;
}

StepRatePlayer::State StepRatePlayer::state() const {
  const auto used = static_cast<std::ptrdiff_t>(next_);
  const auto n = static_cast<std::ptrdiff_t>(now_.size());
  return {{steps_.begin() + used, steps_.end()},
          {amplitudes_.begin() + used * n, amplitudes_.end()},
          last_,
          now_};
}

void StepRatePlayer::set_state(State state) {
  steps_ = std::move(state.steps);
  amplitudes_ = std::move(state.amplitudes);
  next_ = 0;
  last_ = state.last;
  now_ = std::move(state.now);
}

void StepRatePlayer::advance(Step t) {
  for (; next_ < steps_.size() && steps_[next_] <= t; ++next_) {
    std::copy_n(amplitudes_.begin() + static_cast<std::ptrdiff_t>(next_ * now_.size()), now_.size(),
                now_.begin());
  }
}

}  // namespace eprop::devices
