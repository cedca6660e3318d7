#pragma once

#include "eprop/step.hpp"
#include "state/rank_state.hpp"

/// What a thread does with its neurons in a step.
namespace eprop::engine {

/// Adds the spikes that arrive in step t to the inputs of their targets, projection by projection,
/// sources in order.
void deliver_spikes(const state::RankState& rank, state::Worker& worker, Step t);

/// Resets neurons where an update interval ends, advances all neurons by step t and archives what
/// learning needs.
void advance_neurons(state::RankState& rank, state::Worker& worker, Step t);

}  // namespace eprop::engine
