#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <vector>

#include "eprop/simulation.hpp"
#include "eprop/task.hpp"
#include "training/phase_sequence.hpp"

namespace eprop::training {

/// Draws the samples of a task and hands them over to the simulation, those of an iteration while
/// the one before still runs: their first spikes come before its last errors.
class SampleFeed {
 public:
  /// `task` must outlive this.
  explicit SampleFeed(Task& task) : task_(task), target_offset_(task.target_offset()) {}

  /// Draws the samples of the iteration after those drawn so far, while the one of `phases` is
  /// still to come. InvalidParameter if they do not fit the task.
  void draw(const PhaseSequence& phases);
  /// Hands over the samples drawn last.
  void append_to(Simulation& simulation) const;
  /// Calls simulate() and meanwhile, on a thread of its own, has the task draw the samples that
  /// draw() will take next, which are those of the iteration after the next. Whatever the task
  /// throws then comes out of draw().
  void draw_during(const std::function<void()>& simulate, const PhaseSequence& phases);
  /// The labels of the next iteration that has not been taken yet.
  [[nodiscard]] std::vector<int> take_labels();
  /// CRC-32 of the samples drawn last.
  [[nodiscard]] std::uint32_t checksum() const;

 private:
  [[nodiscard]] double time_of(Step step) const;
  /// The step in which sample i of those drawn last begins.
  [[nodiscard]] Step begin_of(std::size_t i) const;
  [[nodiscard]] std::vector<std::vector<double>> spikes() const;
  [[nodiscard]] StepRates targets() const;
  [[nodiscard]] StepRates windows() const;

  Task& task_;
  Step target_offset_;
  std::int64_t drawn_ = 0;       ///< iterations whose samples have been drawn
  std::vector<Sample> pending_;  ///< the samples drawn last
  std::future<std::vector<Sample>>
      ahead_;               ///< those to be drawn next, where they are there already
  std::deque<int> labels_;  ///< of the samples drawn and not taken yet
};

}  // namespace eprop::training
