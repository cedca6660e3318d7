#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eprop/comm/communicator.hpp"
#include "eprop/recording.hpp"
#include "eprop/simulation.hpp"
#include "eprop/task.hpp"

namespace eprop {

/// What messages call the options, for programs whose users know them by names of their own.
struct TrainingOptionNames {
  std::string output = "output";
  std::string checkpoint_every = "checkpoint_every";
  std::string checkpoint_minutes = "checkpoint_minutes";
  std::string checkpoint_folder = "checkpoint_folder";
  std::string overwrite = "overwrite";
  std::string resume = "resume";
};

struct TrainingOptions {
  int threads = 1;  ///< OpenMP threads on each rank, from 1 to 1024
  /// Copies of the network that simulate the samples of an iteration side by side, as
  /// SimulationOptions has it; 0: as many as most_replicas() allows.
  int replicas = 0;
  std::string initial_weights;  ///< file for Simulation::load_weights(); empty: as the network says
  std::string output;           ///< HDF5 file with the results; empty: none
  /// Whether signals, spikes and weights over time go to the output file.
  bool record = false;
  std::int64_t checkpoint_every = 0;  ///< iterations between checkpoints; 0: none
  /// Minutes of wall time between checkpoints, as the clock of rank 0 has it, at least 0; 0: none.
  double checkpoint_minutes = 0.0;
  /// Created if need be, also for the checkpoints that are asked for in the course of training.
  std::string checkpoint_folder = "checkpoints";
  bool overwrite = false;  ///< replace what an earlier training has written
  /// Checkpoint to continue from; empty: start anew. "latest": the newest in the folder that is not
  /// damaged; "auto": the same, or start anew if there is none.
  std::string resume;
  /// Whether the weights of the best iteration are kept for write_best_weights().
  bool keep_best = false;
  TrainingOptionNames names;
};

/// An iteration that has been done.
struct IterationReport {
  std::int64_t iteration = 0;  ///< iterations done, this one included
  std::int64_t planned = 0;    ///< all there will be if training goes on to the end
  Phase phase = Phase::training;
  double loss = 0.0;
  std::optional<double> error;  ///< fraction of samples classified wrongly, where the task does
  double learning_rate = 0.0;   ///< that it had
  double time = 0.0;            ///< simulated so far, ms
};

/// A phase of the plan that has ended: iterations in a row that served the same.
struct PhaseReport {
  Phase phase = Phase::training;
  std::int64_t iterations = 0;
  double loss = 0.0;            ///< mean over its iterations
  std::optional<double> error;  ///< likewise, where the task classifies
};

/// The iteration with the smallest loss.
struct BestIteration {
  std::int64_t iteration = 0;  ///< counted from 1
  double loss = 0.0;

  bool operator==(const BestIteration&) const = default;
};

/// Trains a network: simulates the iterations of a task's plan.
///
/// Loss of an iteration: 0.5 * sum over steps of the squared error, averaged over readouts and
/// samples; with cross entropy its mean over steps and samples. Error: fraction of samples for
/// which the readout with the largest mean signal is not the label.
///
/// The results do not depend on the number of ranks, threads and replicas, and not on how often a
/// training was stopped and resumed. Every rank makes the same calls in the same order, from
/// callbacks too. What Simulation throws leaves these functions; Diverged names the iteration then,
/// and the last checkpoint before it.
class Trainer {
 public:
  /// Collective; `task` and `comm` must outlive the trainer. Creates the folders it needs, and the
  /// output file, or goes on with it. InvalidParameter if the task or the options break a rule.
  /// std::runtime_error, which says what to do, if something of an earlier training is in the way:
  /// an output file, checkpoints of an unfinished training, or another job that writes them.
  /// CheckpointError if options.resume is of a training with other options. Damaged checkpoints
  /// are passed over, with a warning of rank 0 on stderr, if the newest is to be chosen.
  Trainer(Task& task, const TrainingOptions& options, comm::Communicator& comm);
  ~Trainer();
  Trainer(Trainer&&) noexcept;
  Trainer& operator=(Trainer&&) noexcept;

  /// Called after each iteration, and when a phase has ended, before a checkpoint is written;
  /// replaces what was given before.
  void on_iteration(std::function<void(const IterationReport&)> call);
  void on_phase(std::function<void(const PhaseReport&)> call);

  /// Collective. Trains until the plan is done or stop() was called, and closes the output file.
  /// Once: std::logic_error if called again.
  void run();
  /// Ends training after the iteration that is going on. If there are to be checkpoints, one is
  /// written, from which training can be resumed.
  void stop();
  /// Ask for a checkpoint, with which training goes on or ends. It is written as soon as possible,
  /// which may be in the middle of an iteration: the ranks look for requests several times a second
  /// and when an iteration begins, with replicas only then. To be called on any rank or several,
  /// also by other threads and while nothing runs. SignalRequests has signals do the same.
  void request_checkpoint();
  void request_stop();
  /// Whether the plan is done, and nothing is left to train.
  [[nodiscard]] bool finished() const;
  /// Multiplies the learning rates of all training iterations to come by `factor`, finite and
  /// above 0, in a resumed training too; InvalidParameter otherwise.
  void scale_learning_rate(double factor);

  /// The last one that has been written, or that training goes on from; empty if there is none.
  [[nodiscard]] std::string latest_checkpoint() const;
  /// How many there are, and why not more.
  [[nodiscard]] const ReplicaChoice& replicas() const;
  /// That of the network, to look at it or change it between iterations. Its clock, its output file
  /// and the inputs of the task belong to the trainer.
  [[nodiscard]] Simulation& simulation();
  /// Iterations done.
  [[nodiscard]] std::int64_t iterations() const;
  /// Of these, one each.
  [[nodiscard]] const std::vector<double>& losses() const;
  [[nodiscard]] const std::vector<double>& errors() const;  ///< zeros unless the task classifies
  [[nodiscard]] std::vector<Phase> phases() const;
  /// Numbers of test samples, [label][prediction]: as many of each as readouts.
  [[nodiscard]] const std::vector<std::int64_t>& confusion() const;

  /// With keep_best: the validation iteration with the smallest loss so far, the first of several;
  /// the training iteration, if the plan has no validations.
  [[nodiscard]] std::optional<BestIteration> best() const;
  /// Collective. Writes the weights with which that iteration began, for load_weights().
  /// OutputError if the file cannot be written or is not to be overwritten; InvalidParameter
  /// without a best iteration.
  void write_best_weights(const std::string& path, OutputOptions options = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eprop
