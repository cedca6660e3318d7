#pragma once

#include <functional>

#include "eprop/errors.hpp"
#include "eprop/simulation.hpp"
#include "eprop/trainer.hpp"
#include "training/best_weights.hpp"
#include "training/checkpoint_folder.hpp"
#include "training/phase_sequence.hpp"
#include "training/sample_feed.hpp"
#include "training/training_curves.hpp"
#include "training/training_state.hpp"

namespace eprop::training {

/// What a Trainer does, which says what the functions of the same names are.
class TrainingRun {
 public:
  TrainingRun(Task& task, const TrainingOptions& options, comm::Communicator& comm);

  void run();

  bool stopping = false;
  std::function<void(const IterationReport&)> on_iteration = [](const auto&) {};
  std::function<void(const PhaseReport&)> on_phase = [](const auto&) {};

  [[nodiscard]] const TrainingState& state() const { return state_; }
  [[nodiscard]] const ReplicaChoice& replicas() const { return replicas_; }
  [[nodiscard]] Simulation& simulation() { return simulation_; }
  void scale_learning_rate(double factor);
  void write_best_weights(const std::string& path, bool overwrite);

 private:
  [[nodiscard]] TrainingState initial_state();
  void start();
  void resume();
  void open_output();
  [[nodiscard]] bool continue_output();
  void set_aside(const DamagedOutput& damage) const;

  void iterate();
  void one_iteration();
  [[nodiscard]] double set_learning_rate(Phase phase);
  void record_first_and_last();
  void append_samples();
  void simulate_iteration();
  void note(Phase phase);
  void report(Phase phase, double rate);
  void report_end_of(Phase phase);
  void save_checkpoint();
  void finish();

  [[nodiscard]] double ms(Step steps) const;

  Task& task_;
  const TrainingOptions options_;
  comm::Communicator& comm_;
  const Step target_offset_;
  CheckpointFolder checkpoints_;
  const ReplicaChoice replicas_;
  Simulation simulation_;
  TrainingState state_;
  BestWeights best_;
  PhaseSequence phases_;
  SampleFeed feed_;
  TrainingCurves curves_;
  bool draws_ahead_;
  bool has_run_ = false;
};

}  // namespace eprop::training
