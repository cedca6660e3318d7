#pragma once

#include <cstdint>

#include "eprop/step.hpp"
#include "eprop/weights.hpp"
#include "state/rank_state.hpp"

namespace eprop::learning {

struct OwnSynapses {
  SynapseTable table;
  bool finite = true;  ///< so are the weights and all that led to them
};

/// This rank's synapses of a projection with the weights with which a transmission in step t would
/// act; the synapses must be up to date for it. Those of all ranks together are in order.
[[nodiscard]] OwnSynapses own_synapses(const state::RankState& rank, std::uint32_t projection,
                                       Step t);

}  // namespace eprop::learning
