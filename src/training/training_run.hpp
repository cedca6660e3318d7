#pragma once

#include <functional>
#include <optional>
#include <string>

#include "eprop/errors.hpp"
#include "eprop/simulation.hpp"
#include "eprop/trainer.hpp"
#include "training/best_weights.hpp"
#include "training/checkpoint_folder.hpp"
#include "training/phase_sequence.hpp"
#include "training/requests.hpp"
#include "training/sample_feed.hpp"
#include "training/stretch.hpp"
#include "training/training_curves.hpp"
#include "training/training_state.hpp"
#include "training/warning_signs.hpp"

namespace eprop::training {

/// What a Trainer does, which says what the functions of the same names are.
class TrainingRun {
 public:
  TrainingRun(Task& task, const TrainingOptions& options, comm::Communicator& comm);

  void run();

  bool stopping = false;  ///< after the iteration that is going on
  std::function<void(const IterationReport&)> on_iteration = [](const auto&) {};
  std::function<void(const PhaseReport&)> on_phase = [](const auto&) {};

  [[nodiscard]] Requests& requests() { return requests_; }
  [[nodiscard]] const TrainingState& state() const { return state_; }
  [[nodiscard]] bool finished() const { return phases_.finished(); }
  [[nodiscard]] const ReplicaChoice& replicas() const { return replicas_; }
  [[nodiscard]] Simulation& simulation() { return simulation_; }
  [[nodiscard]] std::string latest_checkpoint() const {
    return checkpoints_.latest().value_or(options_.resume);
  }
  void scale_learning_rate(double factor);
  void write_best_weights(const std::string& path, bool overwrite);

 private:
  [[nodiscard]] TrainingState initial_state();
  [[nodiscard]] TrainingState state_in(const std::string& checkpoint);
  [[nodiscard]] std::optional<TrainingState> newest_state();
  void start();
  void resume();
  void open_output(bool overwrite);
  [[nodiscard]] bool may_replace_output();
  [[nodiscard]] bool is_complete();
  [[nodiscard]] bool continue_output();
  void set_aside(const DamagedOutput& damage) const;

  void iterate();
  [[nodiscard]] bool one_iteration();
  void begin_iteration();
  void set_learning_rate();
  void record_first_and_last();
  void append_samples();
  [[nodiscard]] bool simulate_iteration();
  void run_stretch(Step end);
  [[nodiscard]] bool goes_on(Step end);
  void end_iteration();
  void note(Phase phase);
  void report(Phase phase);
  void report_end_of(Phase phase);
  [[nodiscard]] bool open_checkpoints();
  void save_checkpoint();
  void finish();

  [[nodiscard]] double ms(Step steps) const {
    return static_cast<double>(steps) * task_.network.options().dt;
  }

  Task& task_;
  TrainingOptions options_;  ///< `resume`: the checkpoint gone on from, empty if there is none
  const bool is_auto_;       ///< whether it starts anew where there is no checkpoint
  comm::Communicator& comm_;
  const Step target_offset_;
  CheckpointFolder checkpoints_;
  const ReplicaChoice replicas_;
  Simulation simulation_;
  TrainingState state_;
  BestWeights best_;
  WarningSigns signs_;
  PhaseSequence phases_;
  SampleFeed feed_;
  TrainingCurves curves_;
  Requests requests_;
  Stretch stretch_;
  Step steps_ = 1;  ///< until the next look at the requests, as rank 0 has it
  bool draws_ahead_;
  bool has_run_ = false;
  bool is_complete_ = false;  ///< all had been done before, and is in the output file
};

}  // namespace eprop::training
