#include "devices/spike_sources.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/steps.hpp"
#include "network/drawn_value.hpp"

namespace eprop::devices {
namespace {

constexpr Step block_steps = 64;  ///< in which Poisson spikes are drawn at once

}  // namespace

TrainPlayer::TrainPlayer(const SpikeTrains& trains, double dt) { add(trains.times, dt, 0); }

void TrainPlayer::add(const std::vector<std::vector<double>>& times, double dt, Step now) {
  while (next_ < steps_.size() && steps_[next_] < now) ++next_;
  auto events = pending();
  std::size_t more = 0;
  for (const auto& of_neuron : times) more += of_neuron.size();
  events.reserve(events.size() + more);
  for (std::uint32_t i = 0; i < times.size(); ++i) {
    for (const double time : times[i]) {
      events.push_back({static_cast<Step>(std::llrint(time / dt)), i});
    }
  }
  set_pending(std::move(events));
}

std::vector<TrainPlayer::Event> TrainPlayer::pending() const {
  std::vector<Event> events;
  for (std::size_t i = next_; i < steps_.size(); ++i) events.push_back({steps_[i], sources_[i]});
  return events;
}

void TrainPlayer::set_pending(std::vector<Event> events) {
  if (!sort_into_buckets(events)) {
    std::sort(events.begin(), events.end());
    events.erase(std::unique(events.begin(), events.end()), events.end());
    steps_.clear();
    sources_.clear();
    for (const auto& event : events) {
      steps_.push_back(event.step);
      sources_.push_back(event.source);
    }
  }
  next_ = 0;
}

/// Puts events in order that come in order of sources, in a time that is linear in their number, by
/// buckets of steps. False if there are far fewer events than steps, or if they come otherwise.
bool TrainPlayer::sort_into_buckets(const std::vector<Event>& events) {
  Step low = std::numeric_limits<Step>::max(), high = -1;
  for (const auto& event : events) {
    low = std::min(low, event.step);
    high = std::max(high, event.step);
  }
  if (high - low > 4 * static_cast<Step>(events.size()) + 1024) return false;
  std::vector<std::uint32_t> end(events.empty() ? 0 : static_cast<std::size_t>(high - low) + 2, 0);
  const auto bucket = [&](const Event& e) { return static_cast<std::size_t>(e.step - low); };
  for (const auto& event : events) ++end[bucket(event) + 1];
  for (std::size_t i = 1; i < end.size(); ++i) end[i] += end[i - 1];
  steps_.resize(events.size());
  sources_.resize(events.size());
  for (const auto& event : events) {
    const auto i = end[bucket(event)]++;
    steps_[i] = event.step;
    sources_[i] = event.source;
  }
  unsigned disorder = 0;  // without a branch, as steps end anywhere
  for (std::size_t i = 1; i < events.size(); ++i) {
    disorder |= unsigned{steps_[i - 1] == steps_[i]} & unsigned{sources_[i - 1] >= sources_[i]};
  }
  return disorder == 0;
}

void TrainPlayer::emit(Step t, core::SpikeHistory& history) {
  while (next_ < steps_.size() && steps_[next_] < t) ++next_;
  const auto first = next_;
  while (next_ < steps_.size() && steps_[next_] == t) ++next_;
  history.append({sources_.data() + first, next_ - first});
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
