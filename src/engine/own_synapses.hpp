#pragma once

#include <cstdint>

#include "engine/rank_state.hpp"
#include "eprop/weights.hpp"

namespace eprop::engine {

struct OwnSynapses {
  SynapseTable table;
  bool finite = true;  ///< so are the weights and all that led to them
};

/// This rank's synapses of a projection with the weights with which a transmission in step t would
/// act; the synapses must be up to date for it. Those of all ranks together are in order.
[[nodiscard]] OwnSynapses own_synapses(const RankState& rank, std::uint32_t projection, Step t);

}  // namespace eprop::engine
