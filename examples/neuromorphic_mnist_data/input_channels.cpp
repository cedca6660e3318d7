#include "neuromorphic_mnist_data/input_channels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace eprop::examples {
namespace {

ChannelMap all_channels() { return ChannelMap(std::vector<bool>(channel_count, true)); }

void check(const ChannelSelection& selection) {
  if (selection.samples_per_label == 0) {
    throw std::invalid_argument("channel selection: samples_per_label is 0, but must be positive");
  }
  // Negated, so that NaN is refused too.
  if (!(selection.min_spikes_per_sample > 0.0)) {
    throw std::invalid_argument(
        fmt::format("channel selection: min_spikes_per_sample is {}, but must be positive",
                    selection.min_spikes_per_sample));
  }
  if (selection.sequence_steps <= 0) {
    throw std::invalid_argument(fmt::format(
        "channel selection: sequence_steps is {}, but must be positive", selection.sequence_steps));
  }
}

}  // namespace

int channel_of(const Event& event) {
  return (event.on ? sensor_size * sensor_size : 0) + event.y * sensor_size + event.x;
}

int step_of(std::uint32_t time_us) {
  return static_cast<int>(
      std::nearbyint(static_cast<double>(time_us) * recording_steps / recording_us));
}

ChannelMap::ChannelMap(const std::vector<bool>& active) : inputs_(active.size(), -1) {
  if (active.size() != static_cast<std::size_t>(channel_count)) {
    throw std::invalid_argument(fmt::format("channel map: {} flags, but there are {} channels",
                                            active.size(), channel_count));
  }
  for (int channel = 0; channel < channel_count; ++channel) {
    if (!active[static_cast<std::size_t>(channel)]) continue;
    inputs_[static_cast<std::size_t>(channel)] = inputs();
    channels_.push_back(channel);
  }
  if (channels_.empty()) {
    throw std::invalid_argument("channel map: 0 channels are active, but at least 1 must be");
  }
}

ChannelMap select_active_channels(const Dataset& dataset, const ChannelSelection& selection) {
  check(selection);
  const ChannelMap everything = all_channels();
  std::array<std::size_t, 10> samples_of_label{};
  std::vector<std::uint64_t> spikes(channel_count, 0);
  std::size_t samples = 0;
  for (std::size_t i = 0; i < dataset.size(Split::train); ++i) {
    auto& seen = samples_of_label.at(static_cast<std::size_t>(dataset.label(Split::train, i)));
    if (seen == selection.samples_per_label) continue;
    ++seen;
    ++samples;
    const std::vector<Event> events = dataset.events(Split::train, i);
    for (const InputSpike& spike : encode(events, everything, selection.sequence_steps)) {
      ++spikes[static_cast<std::size_t>(spike.input)];
    }
  }
  const double needed = selection.min_spikes_per_sample * static_cast<double>(samples);
  std::vector<bool> active(channel_count);
  std::transform(spikes.begin(), spikes.end(), active.begin(), [&](std::uint64_t count) {
    return count > 0 && static_cast<double>(count) >= needed;
  });
  return ChannelMap(active);
}

std::size_t count_late(std::span<const Event> events, int sequence_steps) {
  const auto late = [&](const Event& event) { return step_of(event.time_us) >= sequence_steps; };
  return static_cast<std::size_t>(std::ranges::count_if(events, late));
}

std::vector<InputSpike> encode(std::span<const Event> events, const ChannelMap& map,
                               int sequence_steps) {
  std::vector<InputSpike> spikes;
  spikes.reserve(events.size());
  for (const Event& event : events) {
    const int step = step_of(event.time_us);
    const int input = map.input(channel_of(event));
    if (step < sequence_steps && input >= 0) spikes.push_back({step, input});
  }
  std::sort(spikes.begin(), spikes.end(), [](const InputSpike& a, const InputSpike& b) {
    return a.step != b.step ? a.step < b.step : a.input < b.input;
  });
  spikes.erase(std::unique(spikes.begin(), spikes.end()), spikes.end());
  return spikes;
}

}  // namespace eprop::examples
