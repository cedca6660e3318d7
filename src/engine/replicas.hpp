#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/step_barrier.hpp"
#include "devices/loss_tracker.hpp"
#include "engine/failure.hpp"
#include "engine/gradient_store.hpp"
#include "engine/grouping.hpp"
#include "engine/stepper.hpp"
#include "eprop/comm/communicator.hpp"
#include "eprop/statistics.hpp"

namespace eprop::engine {

/// Replicas of a network that simulate the samples of a batch side by side, so that everything
/// comes out as if one had simulated them one after the other.
///
/// The simulation itself, its main replica, is one of them. Each group of ranks has a main replica
/// of its own; between batches all are in the same state. In a batch, that of the first group
/// simulates the first sample, whose first steps belong to the batch before, all that are recorded,
/// and the last one, from which it goes on as ever. The others are simulated by whoever comes to
/// them, from rest; their gradients are kept, and summed in the order of samples.
class Replicas {
 public:
  /// `main` is this rank's part of the main replica.
  Replicas(Stepper& main, const Grouping& grouping);

  /// Whether run_batch() can be called: a batch begins, and ends before step `end`.
  [[nodiscard]] bool batch_fits(Step end) const;
  /// The next step after this one with which a batch begins.
  [[nodiscard]] Step next_batch() const;
  /// Simulates a batch; by all threads of all ranks.
  void run_batch(std::size_t thread);
  /// Makes all ranks fail if any has failed, unless they know of it. Collective, by one thread.
  void agree();
  /// Whether neurons of a population have spiked in any replica of this rank but the main one.
  [[nodiscard]] bool have_spiked(std::uint32_t population) const;
  /// Adds what replicas of this rank keep that the main one does not: all but the synapses.
  void add_memory(MemoryUse& use) const;
  /// As StepBarrier::share_processors().
  void share_processors(bool shared) { team_.share_processors(shared); }
  /// Waits for all threads of the rank.
  void meet(std::size_t thread) { team_.wait(thread); }

  /// InvalidParameter, about `thing`, unless losses are tracked sample by sample.
  void require_losses_of_samples(const devices::LossTracker::Window& window,
                                 const std::string& thing) const;

 private:
  using Sums = std::vector<devices::LossTracker::Sums>;

  /// The step with which a replica begins a sample that follows another; it has done the first ones
  /// of the sample's recurrent neurons by then.
  [[nodiscard]] Step begin_of(std::int64_t sample) const;
  [[nodiscard]] Step end_of(std::int64_t sample) const { return begin_of(sample + 1); }
  /// The sample to which step t belongs.
  [[nodiscard]] std::int64_t sample_in(Step t) const;

  void begin();
  void share_out();
  [[nodiscard]] bool claim(std::int64_t left_to_others, std::int64_t& sample);
  void run_samples(std::size_t thread);
  void run_sample(Stepper& replica, std::size_t thread, std::int64_t sample);
  void go_to(Stepper& replica, std::size_t thread, std::int64_t sample);
  void run_last(std::size_t thread);
  void add_gradients(std::size_t thread);
  void add_gradients_of_groups();
  void learn(std::size_t thread);
  void end();
  void take_losses(state::RankState& rank, Sums& into);
  void give_losses(const Sums& of_all);

  Stepper& main_;
  const Grouping& grouping_;
  Failure& failure_;
  core::StepBarrier team_;
  GradientStore store_;
  std::vector<std::unique_ptr<comm::Communicator>> alone_;
  std::vector<std::unique_ptr<Stepper>> others_;  ///< by thread, from the second one on
  const std::int64_t batch_;                      ///< samples
  const Step interval_;                           ///< T, steps of a sample

  // Of the batch that runs; samples are counted from the first of the simulation.
  std::int64_t first_ = 0, last_ = 0;
  std::int64_t own_begin_ = 0, own_end_ = 0;  ///< of this group, but for the last
  std::int64_t first_free_ = 0;               ///< of these, for whoever comes
  std::atomic<std::int64_t> next_{0};         ///< of these, to be simulated next
  std::vector<Sums> losses_before_;           ///< completed before the batch, by worker and part
  std::vector<Sums> losses_;                  ///< of this group's samples
  std::vector<comm::Bytes> out_, in_;
  bool agreed_to_fail_ = false;
};

}  // namespace eprop::engine
