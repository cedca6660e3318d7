#include "devices/spike_sources.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/spike_events.hpp"
#include "core/steps.hpp"
#include "network/drawn_value.hpp"

namespace eprop::devices {
namespace {

constexpr Step block_steps = 64;  ///< in which Poisson spikes are drawn at once

template <class T>
void sort_once(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

TrainPlayer::TrainPlayer(const SpikeTrains& trains, double dt) { add(trains.times, dt); }

void TrainPlayer::add(const std::vector<std::vector<double>>& times, double dt) {
  std::size_t n = 0;
  for (const auto& of_neuron : times) n += of_neuron.size();
  SpikeEvents events;
  events.steps.reserve(n);
  events.neurons.reserve(n);
  for (std::uint32_t i = 0; i < times.size(); ++i) {
    for (const double time : times[i]) {
      events.steps.push_back(static_cast<Step>(std::llrint(time / dt)));
      events.neurons.push_back(i);
    }
  }
  add(std::move(events));
}

void TrainPlayer::add(SpikeEvents events) {
  if (events.steps.empty()) return;
  core::put_in_order(events);
  auto& run = runs_.emplace_back();
  run.spikes = std::make_shared<const SpikeEvents>(std::move(events));
  run.step = run.spikes->steps.front();
  std::push_heap(runs_.begin(), runs_.end());
}

SpikeEvents TrainPlayer::pending() const {
  SpikeEvents events;
  for (const auto& run : runs_) {
    const auto from = static_cast<std::ptrdiff_t>(run.next);
    const auto& [steps, neurons] = *run.spikes;
    events.steps.insert(events.steps.end(), steps.begin() + from, steps.end());
    events.neurons.insert(events.neurons.end(), neurons.begin() + from, neurons.end());
  }
  core::put_in_order(events);
  return events;
}

void TrainPlayer::set_pending(SpikeEvents events) {
  runs_.clear();
  add(std::move(events));
}

bool TrainPlayer::Run::operator<(const Run& other) const {
  return step != other.step ? step > other.step : left() < other.left();
}

std::span<const std::uint32_t> TrainPlayer::Run::take(Step t) {
  const auto& [steps, neurons] = *spikes;
  while (next < steps.size() && steps[next] < t) ++next;
  const auto first = next;
  while (next < steps.size() && steps[next] == t) ++next;
  if (next < steps.size()) step = steps[next];
  return {neurons.data() + first, next - first};
}

void TrainPlayer::emit(Step t, core::SpikeHistory& history) {
  if (runs_.empty() || runs_.front().step > t) return;
  std::pop_heap(runs_.begin(), runs_.end());
  const auto sources = runs_.back().take(t);
  if (runs_.size() == 1 || runs_.front().step > t) {
    history.append(sources);
    put_back();
    return;
  }
  sources_.assign(sources.begin(), sources.end());
  further_.clear();
  put_back();
  while (!runs_.empty() && runs_.front().step <= t) {
    std::pop_heap(runs_.begin(), runs_.end());
    const auto more = runs_.back().take(t);
    further_.insert(further_.end(), more.begin(), more.end());
    put_back();
  }
  sort_once(further_);
  merged_.resize(sources_.size() + further_.size());
  const auto end = std::set_union(sources_.begin(), sources_.end(), further_.begin(),
                                  further_.end(), merged_.begin());
  history.append({merged_.begin(), end});
}

void TrainPlayer::skip_to(Step t) {
  for (auto& run : runs_) {
    const auto& steps = run.spikes->steps;
    const auto next = steps.begin() + static_cast<std::ptrdiff_t>(run.next);
    run.next = static_cast<std::size_t>(std::lower_bound(next, steps.end(), t) - steps.begin());
    if (run.left() > 0) run.step = steps[run.next];
  }
  std::erase_if(runs_, [](const Run& run) { return run.left() == 0; });
  std::make_heap(runs_.begin(), runs_.end());
}

/// The last run to where it belongs in the heap, unless all of it has been emitted.
void TrainPlayer::put_back() {
  if (runs_.back().left() > 0) {
    std::push_heap(runs_.begin(), runs_.end());
    return;
  }
  runs_.pop_back();
  if (runs_.empty()) runs_.shrink_to_fit();
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
