#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eprop/value.hpp"

namespace eprop::core {

/// The spikes of one population that matter to this rank, stored once, step by step, as far back as
/// needed. Sources of a step are global indices, ascending.
class SpikeHistory {
 public:
  /// Keeps the last `steps_kept` >= 1 steps; the first step to come is `first`.
  explicit SpikeHistory(Step steps_kept, Step first = 0)
      : begin_(static_cast<std::size_t>(steps_kept) + 1), next_(first), oldest_(first) {}

  /// Adds sources to the step that is being filled.
  void append(std::span<const std::uint32_t> sources);
  void append(std::uint32_t source) { append({&source, 1}); }
  /// Ends the step being filled; the next one begins empty.
  void end_step();

  /// The step being filled.
  [[nodiscard]] Step next() const { return next_; }
  /// The first step that is kept.
  [[nodiscard]] Step oldest() const { return oldest_; }
  [[nodiscard]] Step steps_kept() const { return static_cast<Step>(begin_.size()) - 1; }
  /// Sources that spiked in `step`; empty if it lies before the first.
  [[nodiscard]] std::span<const std::uint32_t> at(Step step) const;

 private:
  [[nodiscard]] std::size_t slot(Step step) const {
    return static_cast<std::size_t>(step) % begin_.size();
  }
  void make_room(std::size_t more);

  std::vector<std::uint32_t> sources_;  ///< of all kept steps, in order, from position head_ on
  std::size_t size_ = 0;                ///< end of what is used of sources_
  std::vector<std::size_t> begin_;      ///< per step, a ring: where its sources begin
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

 private:
  std::vector<std::size_t> begin_;
  std::vector<std::uint32_t> steps_;
};

}  // namespace eprop::core
