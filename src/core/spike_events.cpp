#include "core/spike_events.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace eprop::core {
namespace {

/// Without a branch, as steps end anywhere.
bool in_order(const SpikeEvents& events) {
  const auto& [steps, neurons] = events;
  unsigned disorder = 0;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    disorder |= unsigned{steps[i - 1] > steps[i]} |
                (unsigned{steps[i - 1] == steps[i]} & unsigned{neurons[i - 1] >= neurons[i]});
  }
  return disorder == 0;
}

/// The same events in the order of steps, those of a step as they come, by buckets of steps. None
/// if there are far fewer events than steps.
SpikeEvents by_step(const SpikeEvents& events) {
  const auto& [steps, neurons] = events;
  const auto [lowest, highest] = std::minmax_element(steps.begin(), steps.end());
  const Step low = *lowest, high = *highest;
  if (high - low > 4 * static_cast<Step>(steps.size()) + 1024) return {};
  std::vector<std::uint32_t> end(static_cast<std::size_t>(high - low) + 2, 0);
  for (const Step step : steps) ++end[static_cast<std::size_t>(step - low) + 1];
  for (std::size_t i = 1; i < end.size(); ++i) end[i] += end[i - 1];
  SpikeEvents sorted{std::vector<Step>(steps.size()), std::vector<std::uint32_t>(steps.size())};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto place = end[static_cast<std::size_t>(steps[i] - low)]++;
    sorted.steps[place] = steps[i];
    sorted.neurons[place] = neurons[i];
  }
  return sorted;
}

void sort_once(SpikeEvents& events) {
  auto& [steps, neurons] = events;
  std::vector<std::pair<Step, std::uint32_t>> pairs;
  pairs.reserve(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) pairs.emplace_back(steps[i], neurons[i]);
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  steps.clear();
  neurons.clear();
  for (const auto& [step, neuron] : pairs) {
    steps.push_back(step);
    neurons.push_back(neuron);
  }
}

}  // namespace

void put_in_order(SpikeEvents& events) {
  if (in_order(events)) return;
  auto sorted = by_step(events);
  if (!sorted.steps.empty() && in_order(sorted)) {
    events = std::move(sorted);
  } else {
    sort_once(events);
  }
}

}  // namespace eprop::core
