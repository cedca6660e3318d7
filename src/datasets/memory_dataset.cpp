#include <cmath>
#include <utility>

#include "core/refuse.hpp"
#include "datasets/require_sample.hpp"
#include "eprop/dataset.hpp"

namespace eprop {
namespace {

using core::refuse;

void require_positive(std::string_view parameter, std::uint32_t value) {
  if (value == 0) refuse("dataset", parameter, value, "", "must be at least 1");
}

}  // namespace

MemoryDataset::MemoryDataset(std::uint32_t channels, std::uint32_t classes,
                             std::vector<LabelledSpikes> samples)
    : channels_(channels), classes_(classes), samples_(std::move(samples)) {
  require_positive("channels", channels);
  require_positive("classes", classes);
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    const auto thing = [&] { return fmt::format("dataset: sample {}", i); };
    const auto& [spikes, label] = samples_[i];
    if (label >= classes) {
      refuse(thing(), "label", label, "", fmt::format("must be below the {} classes", classes));
    }
    for (const auto& [time, channel] : spikes) {
      if (channel >= channels) {
        refuse(thing(), "channel", channel, "",
               fmt::format("must be below the {} channels", channels));
      }
      if (!std::isfinite(time) || time < 0.0) {
        refuse(thing(), "time", time, "ms", "must be finite and at least 0");
      }
    }
  }
}

std::uint32_t MemoryDataset::label(std::size_t index) const {
  datasets::require_sample(*this, index);
  return samples_[index].label;
}

std::vector<ChannelSpike> MemoryDataset::spikes(std::size_t index) const {
  datasets::require_sample(*this, index);
  return samples_[index].spikes;
}

}  // namespace eprop
