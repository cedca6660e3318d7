#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "core/column.hpp"
#include "eprop/step.hpp"

namespace eprop::core {

/// The spikes of one population that matter to this rank, stored once, step by step, as far back as
/// needed. Sources of a step are global indices, ascending.
class SpikeHistory {
 public:
  /// Keeps the last `steps_kept` >= 1 steps; the first step to come is `first`.
  explicit SpikeHistory(Step steps_kept, Step first = 0)
      : steps_kept_(steps_kept),
        begin_(std::bit_ceil(static_cast<std::size_t>(steps_kept) + 1)),
        next_(first),
        oldest_(first) {}

  /// Adds sources, counted from `first` on, to the step that is being filled.
  void append(std::span<const std::uint32_t> sources, std::uint32_t first = 0);
  void append(std::uint32_t source) { append({&source, 1}); }
  /// Ends the step being filled; the next one begins empty.
  void end_step();
  /// Forgets all steps and goes on with `first`.
  void restart(Step first);

  /// The step being filled.
  [[nodiscard]] Step next() const { return next_; }
  /// The first step that is kept.
  [[nodiscard]] Step oldest() const { return oldest_; }
  [[nodiscard]] Step steps_kept() const { return steps_kept_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_of(sources_) + bytes_of(begin_); }
  /// Sources that spiked in `step`; empty if it lies before the first.
  [[nodiscard]] std::span<const std::uint32_t> at(Step step) const {
    if (step < oldest_ || step >= next_) return {};
    const auto begin = begin_[slot(step)];
    return {sources_.data() + begin, begin_[slot(step + 1)] - begin};
  }
  /// Sources of the steps [first, last), step by step; of those that are kept.
  [[nodiscard]] std::span<const std::uint32_t> between(Step first, Step last) const {
    first = std::max(first, oldest_);
    last = std::min(last, next_);
    if (first >= last) return {};
    const auto begin = begin_[slot(first)];
    return {sources_.data() + begin, begin_[slot(last)] - begin};
  }

 private:
  [[nodiscard]] std::size_t slot(Step step) const {
    return static_cast<std::size_t>(step) & (begin_.size() - 1);
  }
  void make_room(std::size_t more);

  Step steps_kept_;
  std::vector<std::uint32_t> sources_;  ///< of all kept steps, in order, behind some of older ones
  std::size_t size_ = 0;                ///< end of what is used of sources_
  /// Per step, a ring whose size is a power of two: where its sources begin.
  std::vector<std::size_t> begin_;
  Step next_;
  Step oldest_;
};

/// Spikes of a range of steps, by source: where the gradient looks them up.
class SpikesBySource {
 public:
  /// Sorts the spikes of the steps [first, last) of `history`, whose sources are below `n_sources`.
  void sort(const SpikeHistory& history, Step first, Step last, std::uint32_t n_sources);

  /// Steps in which `source` spiked, relative to `first`, ascending.
  [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t source) const {
    return {steps_.data() + begin_[source], begin_[source + 1] - begin_[source]};
  }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_of(begin_) + bytes_of(steps_); }

 private:
  std::vector<std::size_t> begin_;
  std::vector<std::uint32_t> steps_;
};

}  // namespace eprop::core
