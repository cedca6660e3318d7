#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "neuromorphic_mnist_data/dataset.hpp"
#include "neuromorphic_mnist_data/input_channels.hpp"

namespace eprop::examples {

/// A sample as the network takes it in.
struct EncodedSample {
  std::size_t index;  ///< in its split
  int label;
  std::vector<InputSpike> spikes;  ///< as from encode()
  std::size_t late_events = 0;     ///< as from count_late()
};

using SampleGroup = std::vector<EncodedSample>;

struct StreamOptions {
  std::size_t group_size = 100;  ///< samples per group
  std::size_t groups_ahead = 2;  ///< finished groups that may wait to be fetched
  int sequence_steps = recording_steps;
};

/// Prepares groups of samples in a thread of its own, ahead of whoever fetches them. One thread at
/// a time may call next(); what comes out does not depend on timing.
class SampleStream {
 public:
  /// Streams the samples of `order`, indices into the split, cut into groups; the last may be
  /// short. std::invalid_argument if the data set is missing or a number of the options is not
  /// positive.
  SampleStream(std::shared_ptr<const Dataset> dataset, Split split, ChannelMap map,
               std::vector<std::size_t> order, const StreamOptions& options = {});

  SampleStream(const SampleStream&) = delete;
  SampleStream& operator=(const SampleStream&) = delete;

  /// Stops the thread after the sample in work.
  ~SampleStream() = default;

  /// The next group, waited for if need be; nothing after the last. An error that the data set
  /// threw for a sample comes out in place of its group, and again in every later call.
  std::optional<SampleGroup> next();

 private:
  void work(const std::stop_token& stop);
  std::optional<SampleGroup> prepare(std::size_t first, const std::stop_token& stop) const;

  const std::shared_ptr<const Dataset> dataset_;
  const Split split_;
  const ChannelMap map_;
  const std::vector<std::size_t> order_;
  const StreamOptions options_;

  std::mutex mutex_;  // guards what stands below, up to the thread
  std::condition_variable_any changed_;
  std::deque<SampleGroup> ready_;
  std::exception_ptr error_;
  bool finished_ = false;

  std::jthread worker_;  // last, so that it is joined before what it uses goes
};

}  // namespace eprop::examples
