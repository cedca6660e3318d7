#include "core/spike_history.hpp"

#include <algorithm>

namespace eprop::core {
namespace {

/// No larger than that: resize() alone would at least double a vector that grows.
void resize_to(std::vector<std::uint32_t>& values, std::size_t size) {
  values.reserve(size);
  values.resize(size);
}

}  // namespace

void SpikeHistory::append(std::span<const std::uint32_t> sources, std::uint32_t first) {
  if (size_ + sources.size() > sources_.size()) make_room(sources.size());
  std::transform(sources.begin(), sources.end(),
                 sources_.begin() + static_cast<std::ptrdiff_t>(size_),
                 [first](std::uint32_t source) { return first + source; });
  size_ += sources.size();
}

void SpikeHistory::end_step() {
  ++next_;
  oldest_ = std::max(oldest_, next_ - steps_kept_);
  begin_[slot(next_)] = size_;
}

void SpikeHistory::restart(Step first) {
  next_ = oldest_ = first;
  size_ = 0;
  begin_[slot(first)] = 0;
}

/// Moves the kept steps to the front; grows, to a half more than is needed, only if they fill all
/// but a fifth, so that a loop in a steady state allocates nothing.
void SpikeHistory::make_room(std::size_t more) {
  const auto head = begin_[slot(oldest_)];
  std::copy(sources_.begin() + static_cast<std::ptrdiff_t>(head),
            sources_.begin() + static_cast<std::ptrdiff_t>(size_), sources_.begin());
  for (Step s = oldest_; s <= next_; ++s) begin_[slot(s)] -= head;
  size_ -= head;
  const auto needed = size_ + more + 256;
  if (needed + needed / 4 > sources_.size()) resize_to(sources_, needed + needed / 2);
}

void SpikesBySource::sort(const SpikeHistory& history, Step first, Step last,
                          std::uint32_t n_sources) {
  begin_.assign(static_cast<std::size_t>(n_sources) + 2, 0);
  const auto all = history.between(first, last);
  for (const auto source : all) ++begin_[source + 2];
  for (std::size_t i = 2; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
  if (steps_.size() < all.size()) resize_to(steps_, all.size() + all.size() / 4);
  for (Step s = first; s < last; ++s) {
    for (const auto source : history.at(s)) {
      steps_[begin_[source + 1]++] = static_cast<std::uint32_t>(s - first);
    }
  }
}

}  // namespace eprop::core
