#pragma once

#include <cstdint>
#include <string>

#include "eprop/simulation.hpp"
#include "eprop/task.hpp"
#include "training/training_state.hpp"

namespace eprop::training {

/// Warns, on rank 0's stderr, of what keeps a network from learning: recurrent populations that
/// never spike, and plastic projections all of whose weights are at the bounds of their optimizer.
/// Of each once in a training, however often that is resumed.
class WarningSigns {
 public:
  /// Goes on with what `state` has, which must outlive this.
  WarningSigns(const Task& task, comm::Communicator& comm, TrainingState& state);

  /// Collective, after the training iterations so far: looks after 10, 100, 1000, ... of them, and
  /// after the last if they are more than 10.
  void look(std::int64_t trained, Simulation& simulation);
  /// Collective, before a checkpoint: what another run cannot know.
  void note_spikes(Simulation& simulation);

 private:
  void warn(const std::string& of, const std::string& what);

  const Task& task_;
  comm::Communicator& comm_;
  TrainingState& state_;
};

}  // namespace eprop::training
