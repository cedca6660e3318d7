#pragma once

#include <cstdint>

#include "engine/rank_state.hpp"
#include "eprop/weights.hpp"

namespace eprop::engine {

/// This rank's synapses of a projection with the weights with which a transmission in step t would
/// act; the synapses must be up to date for it. Those of all ranks together are in order. Weights
/// that are not finite are noted, for throw_if_diverged().
[[nodiscard]] SynapseTable own_synapses(const RankState& rank, std::uint32_t projection, Step t);

}  // namespace eprop::engine
