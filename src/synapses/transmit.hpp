#pragma once

#include <cstdint>
#include <span>

#include "synapses/synapse_tile.hpp"

namespace eprop::synapses {

/// into[target] += weight for all synapses of the sources, one source after the other.
void transmit(const SynapseTile& tile, std::span<const std::uint32_t> sources, double* into);

}  // namespace eprop::synapses
