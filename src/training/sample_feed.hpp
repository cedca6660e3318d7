#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <optional>
#include <span>
#include <vector>

#include "eprop/simulation.hpp"
#include "eprop/spike_events.hpp"
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
  /// Hands over the samples drawn last; once.
  void append_to(Simulation& simulation);
  /// Calls simulate() and meanwhile, on a thread of its own, draws the samples that draw()
  /// will take next, which are those of the iteration after the next. Whatever that throws comes
  /// out of draw().
  void draw_during(const std::function<void()>& simulate, const PhaseSequence& phases);
  /// The labels of the next iteration that has not been taken yet.
  [[nodiscard]] std::vector<int> take_labels();
  /// CRC-32 of the samples drawn last.
  [[nodiscard]] std::uint32_t checksum() const;

 private:
  /// What the simulation gets of samples.
  struct Inputs {
    SpikeEvents spikes;
    StepRates targets, windows;
  };
  /// Samples of an iteration.
  struct Drawn {
    std::vector<Sample> samples;
    std::optional<Inputs> inputs;  ///< those of the samples, where they have been made ahead
  };
  [[nodiscard]] std::vector<Sample> drawn(Phase phase);
  /// `iteration` counts from 0.
  [[nodiscard]] Inputs inputs_of(const std::vector<Sample>& samples, std::int64_t iteration) const;
  [[nodiscard]] double time_of(Step step) const;
  // Of samples that begin in these steps.
  [[nodiscard]] SpikeEvents spikes_of(const std::vector<Sample>& samples,
                                      std::span<const Step> begins) const;
  [[nodiscard]] StepRates targets_of(const std::vector<Sample>& samples,
                                     std::span<const Step> begins) const;
  [[nodiscard]] StepRates windows(std::span<const Step> begins) const;

  Task& task_;
  Step target_offset_;
  std::int64_t drawn_ = 0;    ///< iterations whose samples draw() has taken
  Drawn pending_;             ///< the samples it took last
  std::future<Drawn> ahead_;  ///< those it will take next, where they are there already
  std::deque<int> labels_;    ///< of the samples drawn and not taken yet
};

}  // namespace eprop::training
