#pragma once

#include "eprop/step.hpp"
#include "state/rank_state.hpp"

/// From one sample of a batch to another that does not follow it: a network whose neurons are reset
/// on each update begins an update interval (bsshslm_2020) as if the intervals before it had been
/// simulated.
namespace eprop::state {

/// Takes over which spikes and rates are to come, and which losses are tracked.
void follow(RankState& replica, const RankState& rank);

/// Goes to step `first`, with which an update interval of the recurrent neurons begins; those of
/// the readouts, and of their losses, begin later. No inputs of later steps may have been emitted.
void restart(RankState& rank, Step first);

}  // namespace eprop::state
