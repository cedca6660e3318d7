#pragma once

#include <cstdint>
#include <string>

#include "eprop/step.hpp"
#include "plan/plan.hpp"

/// Samples of a batch are independent of each other where neurons are reset at the end of each
/// update interval and weights change at the end of each batch (bsshslm_2020): replicas of the
/// network can simulate them side by side. Sample m takes the update interval m.
namespace eprop::plan {

/// Why the samples of a batch depend on each other; empty if they do not.
[[nodiscard]] std::string replica_obstacle(const Plan& plan);

/// Samples of a batch, in which all projections that learn agree; where there is no obstacle.
[[nodiscard]] std::int64_t samples_of_batch(const Plan& plan);

/// Replicas of which each has two samples of a batch at least: the first and the last one stay with
/// the same, which goes on from batch to batch. 1 if there is an obstacle.
[[nodiscard]] std::int64_t most_replicas(const Plan& plan);

/// Whether a batch begins with step t: it ends with all that is learnt from the one before.
[[nodiscard]] bool batch_begins(const Plan& plan, Step t);

/// Synapses that learn, were all sources of their projections connected to all targets.
[[nodiscard]] double possible_learning_synapses(const Plan& plan);

}  // namespace eprop::plan
