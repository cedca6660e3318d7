#include "eprop/input_encoding.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/refuse.hpp"

namespace eprop {
namespace {

using core::refuse;

/// Whole µs next to a time in ms.
double microseconds(double time) { return std::nearbyint(1000.0 * time); }

void check(const StepGrid& grid) {
  if (grid.steps <= 0) refuse("input encoding", "steps", grid.steps, "", "must be at least 1");
  // Negated, so that NaN is refused too.
  if (!(microseconds(grid.duration) >= 1.0) || !std::isfinite(grid.duration)) {
    refuse("input encoding", "duration", grid.duration, "ms", "must be finite and at least 0.001");
  }
}

void check(const ChannelSelection& selection) {
  if (selection.samples_per_label == 0) {
    refuse("channel selection", "samples_per_label", 0, "", "must be at least 1");
  }
  if (!(selection.min_spikes_per_sample > 0.0)) {
    refuse("channel selection", "min_spikes_per_sample", selection.min_spikes_per_sample, "",
           "must be above 0");
  }
}

/// One bit per input and step: spikes in the order of inputs, then steps, each once.
class Raster {
 public:
  Raster(std::size_t inputs, Step steps)
      : words_per_input_((static_cast<std::size_t>(steps) + word_bits - 1) / word_bits),
        words_(inputs * words_per_input_) {}

  void add(std::size_t input, std::size_t step) {
    words_[input * words_per_input_ + step / word_bits] |= std::uint64_t{1} << step % word_bits;
  }

  /// Numbered from 1.
  [[nodiscard]] std::vector<Step> steps(std::size_t input) const {
    const std::span row = std::span(words_).subspan(input * words_per_input_, words_per_input_);
    std::size_t count = 0;
    for (const std::uint64_t word : row) count += static_cast<std::size_t>(std::popcount(word));
    std::vector<Step> steps;
    steps.reserve(count);
    for (std::size_t i = 0; i < row.size(); ++i) {
      for (std::uint64_t rest = row[i]; rest != 0; rest &= rest - 1) {
        steps.push_back(static_cast<Step>(i * word_bits) + std::countr_zero(rest) + 1);
      }
    }
    return steps;
  }

 private:
  static constexpr std::size_t word_bits = 64;

  std::size_t words_per_input_;
  std::vector<std::uint64_t> words_;
};

}  // namespace

ChannelMap::ChannelMap(const std::vector<bool>& active) : inputs_(active.size(), silent) {
  for (std::uint32_t channel = 0; channel < channels(); ++channel) {
    if (!active[channel]) continue;
    inputs_[channel] = inputs();
    active_.push_back(channel);
  }
  if (active_.empty()) refuse("channel map", "active channels", 0, "", "must be at least 1");
}

ChannelMap ChannelMap::all(std::uint32_t channels) {
  return ChannelMap(std::vector<bool>(channels, true));
}

Step StepGrid::step_of(double time) const {
  constexpr double beyond_all = 0x1p62;  // steps
  const double step = microseconds(time) * static_cast<double>(steps) / microseconds(duration);
  return static_cast<Step>(std::min(std::nearbyint(step), beyond_all));
}

void InputEncoding::check() const { eprop::check(grid); }

EncodedSpikes InputEncoding::encode(std::span<const ChannelSpike> spikes) const {
  Raster raster(channels.inputs(), grid.steps);
  EncodedSpikes encoded;
  for (const auto& [time, channel] : spikes) {
    const Step step = grid.step_of(time);
    if (step >= grid.steps) {
      ++encoded.late;
    } else if (const auto input = channels.input(channel)) {
      raster.add(*input, static_cast<std::size_t>(step));
    }
  }
  encoded.spikes.reserve(channels.inputs());
  for (std::size_t i = 0; i < channels.inputs(); ++i) encoded.spikes.push_back(raster.steps(i));
  return encoded;
}

ChannelMap select_active_channels(const Dataset& dataset, const StepGrid& grid,
                                  const ChannelSelection& selection) {
  check(selection);
  const InputEncoding everything{ChannelMap::all(dataset.channels()), grid};
  everything.check();
  std::vector<std::size_t> samples_of_label(dataset.classes());
  std::vector<std::uint64_t> counts(dataset.channels());
  std::size_t samples = 0;
  for (std::size_t i = 0; i < dataset.size(); ++i) {
    auto& seen = samples_of_label.at(dataset.label(i));
    if (seen == selection.samples_per_label) continue;
    ++seen;
    ++samples;
    const auto spikes = everything.encode(dataset.spikes(i)).spikes;
    for (std::size_t c = 0; c < counts.size(); ++c) counts[c] += spikes[c].size();
  }
  const double needed = selection.min_spikes_per_sample * static_cast<double>(samples);
  std::vector<bool> active(counts.size());
  for (std::size_t c = 0; c < counts.size(); ++c) {
    active[c] = counts[c] > 0 && static_cast<double>(counts[c]) >= needed;
  }
  return ChannelMap(active);
}

}  // namespace eprop
