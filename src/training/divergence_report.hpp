#pragma once

#include <cstdint>
#include <string>

#include "eprop/trainer.hpp"

namespace eprop::training {

/// What a training that has diverged ends with: `what` the simulation says, the iteration, counted
/// from 1, and `checkpoint`, the last one before it; empty if there is none, which
/// an option of `names` would change.
[[nodiscard]] std::string divergence_report(const std::string& what, std::int64_t iteration,
                                            const std::string& checkpoint,
                                            const TrainingOptionNames& names);

}  // namespace eprop::training
