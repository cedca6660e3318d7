#include "neuromorphic_mnist_data/sample_stream.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace eprop::examples {
namespace {

const StreamOptions& checked(const StreamOptions& options) {
  if (options.group_size == 0) {
    throw std::invalid_argument("sample stream: group_size is 0, but must be positive");
  }
  if (options.groups_ahead == 0) {
    throw std::invalid_argument("sample stream: groups_ahead is 0, but must be positive");
  }
  if (options.sequence_steps <= 0) {
    throw std::invalid_argument("sample stream: sequence_steps is " +
                                std::to_string(options.sequence_steps) + ", but must be positive");
  }
  return options;
}

}  // namespace

SampleStream::SampleStream(std::shared_ptr<const Dataset> dataset, Split split, ChannelMap map,
                           std::vector<std::size_t> order, const StreamOptions& options)
    : dataset_(std::move(dataset)),
      split_(split),
      map_(std::move(map)),
      order_(std::move(order)),
      options_(checked(options)) {
  if (dataset_ == nullptr) throw std::invalid_argument("sample stream: a data set must be given");
  worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

std::optional<SampleGroup> SampleStream::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !ready_.empty() || finished_; });
  if (ready_.empty()) {
    if (error_) std::rethrow_exception(error_);
    return std::nullopt;
  }
  SampleGroup group = std::move(ready_.front());
  ready_.pop_front();
  changed_.notify_all();
  return group;
}

void SampleStream::work(const std::stop_token& stop) {
  std::exception_ptr error;
  try {
    for (std::size_t first = 0; first < order_.size();) {
      std::optional<SampleGroup> group = prepare(first, stop);
      if (!group) return;
      first += group->size();
      std::unique_lock lock(mutex_);
      const auto has_room = [this] { return ready_.size() < options_.groups_ahead; };
      if (!changed_.wait(lock, stop, has_room)) return;
      ready_.push_back(std::move(*group));
      changed_.notify_all();
    }
  } catch (...) {
    error = std::current_exception();
  }
  const std::lock_guard lock(mutex_);
  error_ = std::move(error);
  finished_ = true;
  changed_.notify_all();
}

std::optional<SampleGroup> SampleStream::prepare(std::size_t first,
                                                 const std::stop_token& stop) const {
  const std::size_t count = std::min(options_.group_size, order_.size() - first);
  SampleGroup group;
  group.reserve(count);
  for (std::size_t i = first; i < first + count; ++i) {
    if (stop.stop_requested()) return std::nullopt;
    const std::size_t index = order_[i];
    const std::vector<Event> events = dataset_->events(split_, index);
    group.push_back({.index = index,
                     .label = dataset_->label(split_, index),
                     .spikes = encode(events, map_, options_.sequence_steps),
                     .late_events = count_late(events, options_.sequence_steps)});
  }
  return group;
}

}  // namespace eprop::examples
