#pragma once

#include <string>

#include "eprop/simulation.hpp"
#include "eprop/task.hpp"
#include "training/training_state.hpp"

/// The weights of the iteration with the smallest loss: the training iteration, or the validation
/// iteration where the plan has any.
namespace eprop::training {

class BestWeights {
 public:
  /// Goes on with what `state` has, which must outlive this.
  BestWeights(const Task& task, comm::Communicator& comm, TrainingState& state);

  /// Collective, before each iteration: keeps the weights if it may become the best.
  void begin(Phase phase, Simulation& simulation);
  /// After it.
  void end(std::int64_t iteration, double loss);
  /// Collective. Writes the weights of each plastic projection with synapses as the last row of
  /// /weights/PROJECTION/data. OutputError if the file cannot be written.
  void write(const std::string& path, bool overwrite, Simulation& simulation) const;

 private:
  [[nodiscard]] bool counts(Phase phase) const;

  const Task& task_;
  comm::Communicator& comm_;
  Best& best_;
  Running& running_;
};

}  // namespace eprop::training
