#pragma once

#include "eprop/comm/communicator.hpp"
#include "eprop/step.hpp"
#include "state/rank_state.hpp"

namespace eprop::state {

/// Brings a rank to step `now`, with which a batch begins, where the first rank of `across` is
/// already: all ranks of `across` have the same part of a network, and go on alike from there. Its
/// synapses are up to date. Collective over `across`.
void hand_over(RankState& rank, Step now, comm::Communicator& across);

}  // namespace eprop::state
