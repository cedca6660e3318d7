#pragma once

#include "checkpoint/state_transfer.hpp"
#include "eprop/step.hpp"
#include "state/rank_state.hpp"

/// Which variables make up the state of a simulation between two exchanges, and in which global
/// order. All functions are collective.
namespace eprop::transfer {

/// Populations: neurons, readouts, the steps that learning looks back on, spikes under way, losses.
/// `now` is the next step.
void transfer_populations(checkpoint::StateTransfer& transfer, state::RankState& rank, Step now);

/// Projections: learning rates, synapses, clocks of their sources. What is saved of the plus
/// family has the weights in force in step `now`, too, for load_weights().
void transfer_projections(checkpoint::StateTransfer& transfer, state::RankState& rank, Step now);

/// Inputs: spikes and rates still to come.
void transfer_inputs(checkpoint::StateTransfer& transfer, state::RankState& rank);

}  // namespace eprop::transfer
