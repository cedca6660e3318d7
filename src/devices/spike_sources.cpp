#include "devices/spike_sources.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "core/steps.hpp"
#include "network/drawn_value.hpp"

namespace eprop::devices {
namespace {

constexpr Step block_steps = 64;  ///< in which Poisson spikes are drawn at once

}  // namespace

TrainPlayer::TrainPlayer(const SpikeTrains& trains, double dt) { add(trains.times, dt, 0); }

void TrainPlayer::add(const std::vector<std::vector<double>>& times, double dt, Step now) {
  while (next_ < events_.size() && events_[next_].step < now) ++next_;
  events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(next_));
  next_ = 0;
  for (std::uint32_t i = 0; i < times.size(); ++i) {
    for (const double time : times[i]) {
      events_.push_back({static_cast<Step>(std::llrint(time / dt)), i});
    }
  }
  sort();
}

/// By step, then source, without repetitions. Events come in order of sources: where their steps
/// are dense, buckets of steps put them in order at once.
void TrainPlayer::sort() {
  if (events_.empty()) return;
  const auto by_step = [](const Event& a, const Event& b) { return a.step < b.step; };
  const auto [first, last] = std::minmax_element(events_.begin(), events_.end(), by_step);
  const Step low = first->step;
  const auto steps = static_cast<std::size_t>(last->step - low) + 1;
  if (steps <= 4 * events_.size() + 1024) {
    std::vector<std::uint32_t> next(steps + 1, 0);
    const auto bucket = [&](const Event& e) { return static_cast<std::size_t>(e.step - low); };
    for (const auto& e : events_) ++next[bucket(e) + 1];
    for (std::size_t i = 1; i <= steps; ++i) next[i] += next[i - 1];
    std::vector<Event> ordered(events_.size());
    for (const auto& e : events_) ordered[next[bucket(e)]++] = e;
    events_ = std::move(ordered);
  }
  const auto in_order = std::adjacent_find(events_.begin(), events_.end(), std::greater_equal());
  if (in_order == events_.end()) return;
  std::sort(events_.begin(), events_.end());
  events_.erase(std::unique(events_.begin(), events_.end()), events_.end());
}

void TrainPlayer::emit(Step t, core::SpikeHistory& history) {
  while (next_ < events_.size() && events_[next_].step < t) ++next_;
  for (; next_ < events_.size() && events_[next_].step == t; ++next_) {
    history.append(events_[next_].source);
  }
}

PoissonPlayer::PoissonPlayer(const PoissonSource& source, std::uint32_t size,
                             std::uint32_t population, const NetworkOptions& options)
    : start_(core::to_steps(source.start, options.dt, "poisson", "start")),
      stop_(std::isinf(source.stop) ? std::numeric_limits<Step>::max()
                                    : core::to_steps(source.stop, options.dt, "poisson", "stop")),
      random_(options.seed, core::Purpose::poisson, population),
      sources_(block_steps) {
  const core::RandomStream parameters(options.seed, core::Purpose::neuron_parameter, population);
  const network::DrawnValue rate(source.rate, parameters, 0);
  double expected = 0.0;  // spikes in a step
  for (std::uint32_t i = 0; i < size; ++i) {
    const double log_miss = -rate(i) / 1000.0 * options.dt;
    neurons_.push_back({log_miss, std::exp(log_miss * block_steps) * (1.0 - 1e-9)});
    expected -= std::expm1(log_miss);
  }
  // Ten standard deviations more than expected: draw() does not allocate.
  const auto most =
      std::min(expected + 10.0 * std::sqrt(expected) + 10.0, static_cast<double>(size));
  for (auto& sources : sources_) sources.reserve(static_cast<std::size_t>(most));
}

void PoissonPlayer::draw(Step block) {
  block_ = block;
  for (auto& sources : sources_) sources.clear();
  for (std::uint32_t i = 0; i < neurons_.size(); ++i) {
    const auto& neuron = neurons_[i];
    if (neuron.log_miss == 0.0) continue;
    double step = -1.0;
    for (std::uint32_t k = 0;; ++k) {
      const auto index = static_cast<std::uint64_t>(block) * block_steps + k;
      const double u = 1.0 - random_.uniform(index, i);
      if (u < neuron.block_miss) break;  // and the logarithm is spared
      step += 1.0 + std::floor(std::log(u) / neuron.log_miss);
      if (!(step < block_steps)) break;
      sources_[static_cast<std::size_t>(step)].push_back(i);
    }
  }
}

void PoissonPlayer::emit(Step t, core::SpikeHistory& history) {
  if (t < start_ || t >= stop_) return;
  if (t / block_steps != block_) draw(t / block_steps);
  history.append(sources_[static_cast<std::size_t>(t % block_steps)]);
}

}  // namespace eprop::devices
