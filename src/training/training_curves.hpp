#pragma once

#include <cstddef>

#include "eprop/simulation.hpp"
#include "training/training_state.hpp"

namespace eprop::training {

/// Brings the losses, errors and phases of the iterations done to the output file: /training.
class TrainingCurves {
 public:
  explicit TrainingCurves(bool classifies) : classifies_(classifies) {}

  /// Appends what has been added to `state` since the last call.
  void append(const TrainingState& state, Simulation& simulation);
  /// For a file that has all of `state`, and perhaps more, which is dropped.
  void goes_on_after(const TrainingState& state, Simulation& simulation);

 private:
  bool classifies_;
  std::size_t written_ = 0;  ///< iterations
};

}  // namespace eprop::training
