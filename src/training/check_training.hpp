#pragma once

#include <vector>

#include "eprop/task.hpp"
#include "eprop/trainer.hpp"

/// What makes sense to train. All functions throw InvalidParameter otherwise.
namespace eprop::training {

void check_task(const Task& task);

/// What Simulation does not check itself.
void check_options(const TrainingOptions& options);

/// The samples of an iteration.
void check_samples(const Task& task, const std::vector<Sample>& samples);

}  // namespace eprop::training
