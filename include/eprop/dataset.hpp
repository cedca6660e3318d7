#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace eprop {

/// A spike of a recording.
struct ChannelSpike {
  double time;            ///< ms since the recording began, finite and at least 0
  std::uint32_t channel;  ///< what sent it: a nerve fibre, a pixel of a camera

  bool operator==(const ChannelSpike&) const = default;
};

/// A recording and the class that it belongs to.
struct LabelledSpikes {
  std::vector<ChannelSpike> spikes;
  std::uint32_t label = 0;
};

/// Labelled recordings of spikes. All members may be called by several threads at once.
class Dataset {
 public:
  virtual ~Dataset() = default;

  /// Number of samples.
  [[nodiscard]] virtual std::size_t size() const = 0;

  /// Spikes have channels below it.
  [[nodiscard]] virtual std::uint32_t channels() const = 0;

  /// Labels lie below it.
  [[nodiscard]] virtual std::uint32_t classes() const = 0;

  /// Class of a sample. InvalidParameter unless index < size().
  [[nodiscard]] virtual std::uint32_t label(std::size_t index) const = 0;

  /// Recording of a sample, in no certain order. InvalidParameter unless index < size();
  /// DatasetError if it cannot be read.
  [[nodiscard]] virtual std::vector<ChannelSpike> spikes(std::size_t index) const = 0;
};

/// What a data set offers to train on and to test with.
struct DatasetSplit {
  std::shared_ptr<const Dataset> training;
  std::shared_ptr<const Dataset> test;
};

/// Samples held in memory.
class MemoryDataset : public Dataset {
 public:
  /// InvalidParameter if a channel, a label or a time is none, or if there are no channels or no
  /// classes.
  MemoryDataset(std::uint32_t channels, std::uint32_t classes, std::vector<LabelledSpikes> samples);

  [[nodiscard]] std::size_t size() const override { return samples_.size(); }
  [[nodiscard]] std::uint32_t channels() const override { return channels_; }
  [[nodiscard]] std::uint32_t classes() const override { return classes_; }
  [[nodiscard]] std::uint32_t label(std::size_t index) const override;
  [[nodiscard]] std::vector<ChannelSpike> spikes(std::size_t index) const override;

 private:
  std::uint32_t channels_;
  std::uint32_t classes_;
  std::vector<LabelledSpikes> samples_;
};

}  // namespace eprop
