#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "neuromorphic_mnist_data/dataset.hpp"

namespace eprop::examples {

/// A channel is a pixel with a polarity.
inline constexpr int channel_count = 2 * sensor_size * sensor_size;

/// Steps of 1 ms onto which the recording_us of a recording are mapped.
inline constexpr int recording_steps = 300;

/// polarity · 34 · 34 + y · 34 + x, polarity 1 for ON.
int channel_of(const Event& event);

/// time · 300 / 336040, rounded to the nearest step, halves to even; may be beyond the last step.
int step_of(std::uint32_t time_us);

/// Which channels have an input neuron.
class ChannelMap {
 public:
  /// One flag per channel; the active ones are numbered in ascending order. std::invalid_argument
  /// if the number of flags is not channel_count or if no channel is active.
  explicit ChannelMap(const std::vector<bool>& active);

  /// Number of input neurons.
  int inputs() const { return static_cast<int>(channels_.size()); }

  /// Input neuron of a channel, -1 for a silent one; std::out_of_range unless it is a channel.
  int input(int channel) const { return inputs_.at(static_cast<std::size_t>(channel)); }

  /// Channel of an input neuron; std::out_of_range unless input is in 0 .. inputs() - 1.
  int channel(int input) const { return channels_.at(static_cast<std::size_t>(input)); }

 private:
  std::vector<int> inputs_;
  std::vector<int> channels_;
};

struct ChannelSelection {
  /// Training samples looked at for each digit, in the order of the data set; with 100, a thousand
  /// of the 60000 files, which is enough to tell the silent border from the centre.
  std::size_t samples_per_label = 100;
  /// A channel is active if it has at least this mean number of spikes per sample looked at.
  double min_spikes_per_sample = 0.02;
  /// Length of the sequence, steps.
  int sequence_steps = recording_steps;
};

/// Finds the channels that are not (nearly) silent over the training set, after encoding.
/// std::invalid_argument if a number is not positive or no channel is active; errors of the data.
ChannelMap select_active_channels(const Dataset& dataset, const ChannelSelection& selection = {});

struct InputSpike {
  std::int32_t step;   ///< 0 .. sequence_steps - 1
  std::int32_t input;  ///< 0 .. inputs - 1

  bool operator==(const InputSpike&) const = default;
};

/// Number of events beyond the sequence, which encode() leaves out.
std::size_t count_late(std::span<const Event> events, int sequence_steps = recording_steps);

/// Spikes of the input neurons in order of step, then input, at most one per input and step. Events
/// of silent channels and beyond the sequence are left out.
std::vector<InputSpike> encode(std::span<const Event> events, const ChannelMap& map,
                               int sequence_steps = recording_steps);

}  // namespace eprop::examples
