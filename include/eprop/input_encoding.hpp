#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "eprop/dataset.hpp"
#include "eprop/step.hpp"

/// How recordings become spikes of input neurons.
namespace eprop {

/// Which channels have an input neuron.
class ChannelMap {
 public:
  /// One flag per channel; the active ones are numbered in ascending order. InvalidParameter if no
  /// channel is active.
  explicit ChannelMap(const std::vector<bool>& active);

  /// An input neuron for each of so many channels, at least 1.
  [[nodiscard]] static ChannelMap all(std::uint32_t channels);

  /// Number of input neurons.
  [[nodiscard]] std::uint32_t inputs() const { return static_cast<std::uint32_t>(active_.size()); }

  /// Number of channels, of which some may be silent.
  [[nodiscard]] std::uint32_t channels() const {
    return static_cast<std::uint32_t>(inputs_.size());
  }

  /// Input neuron of a channel below channels(); nothing if that is silent.
  [[nodiscard]] std::optional<std::uint32_t> input(std::uint32_t channel) const {
    const std::uint32_t input = inputs_.at(channel);
    return input == silent ? std::nullopt : std::optional(input);
  }

  /// Channel of an input neuron below inputs().
  [[nodiscard]] std::uint32_t channel(std::uint32_t input) const { return active_.at(input); }

 private:
  static constexpr std::uint32_t silent = ~std::uint32_t{0};

  std::vector<std::uint32_t> inputs_;  ///< per channel
  std::vector<std::uint32_t> active_;  ///< channels with an input
};

/// The steps onto which the time of a recording is mapped.
struct StepGrid {
  double duration = 1.0;  ///< ms, a whole number of µs: what the steps last in the recording
  Step steps = 1;         ///< length of the sequence

  /// time · steps / duration, rounded to the nearest step, halves to even. Times are taken to the
  /// nearest µs, so that halves do not depend on how they were computed. May be beyond the last
  /// step.
  [[nodiscard]] Step step_of(double time) const;
};

/// Spikes of the input neurons in one sample.
struct EncodedSpikes {
  /// Steps in ascending order per input, at most one spike in each: the first step of the sample is
  /// step 1, as spikes of a generator have times above 0.
  std::vector<std::vector<Step>> spikes;
  std::size_t late = 0;  ///< spikes beyond the last step, which are left out
};

/// How recordings become spikes of input neurons.
struct InputEncoding {
  ChannelMap channels;
  StepGrid grid;

  /// InvalidParameter unless the duration is a whole number of µs above 0 and the steps are.
  void check() const;

  /// Spikes of silent channels are left out, too.
  [[nodiscard]] EncodedSpikes encode(std::span<const ChannelSpike> spikes) const;
};

/// Which channels get an input neuron.
struct ChannelSelection {
  /// Samples looked at for each label, in the order of the data set.
  std::size_t samples_per_label = 100;
  /// A channel is active if it has at least this mean number of spikes per sample looked at, and
  /// one in all.
  double min_spikes_per_sample = 0.02;
};

/// Finds the channels that are not (nearly) silent, after encoding. InvalidParameter if a number is
/// not positive or no channel is active; errors of the data set.
[[nodiscard]] ChannelMap select_active_channels(const Dataset& dataset, const StepGrid& grid,
                                                const ChannelSelection& selection = {});

}  // namespace eprop
