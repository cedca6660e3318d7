#pragma once

#include <string>
#include <vector>

#include "eprop/comm/communicator.hpp"
#include "state/rank_state.hpp"

namespace eprop::transfer {

/// What a checkpoint belongs to, thing by thing, in words that depend on nothing but the network:
/// all that acts on the simulation and that no checkpoint holds. Collective.
[[nodiscard]] std::vector<std::string> describe(const state::RankState& rank,
                                                comm::Communicator& comm);

/// What the words about a projection begin with.
[[nodiscard]] std::string projection_words(const std::string& name);

}  // namespace eprop::transfer
