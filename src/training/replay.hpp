#pragma once

#include <string>

#include "eprop/task.hpp"
#include "eprop/trainer.hpp"
#include "training/phase_sequence.hpp"
#include "training/sample_feed.hpp"
#include "training/training_state.hpp"

namespace eprop::training {

/// Brings `feed` and `phases`, both at their begin, to where the training was whose `state`
/// options.resume holds. CheckpointError if that was another task or had other options.
void replay(const TrainingState& state, const Task& task, const TrainingOptions& options,
            SampleFeed& feed, PhaseSequence& phases);

}  // namespace eprop::training
