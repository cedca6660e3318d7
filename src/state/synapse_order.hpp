#pragma once

#include <vector>

#include "state/worker.hpp"

namespace eprop::state {

/// A synapse of a worker and where it is stored.
struct SynapsePlace {
  std::uint32_t source, target;  ///< global indices
  std::uint32_t tile, synapse;
};

/// A worker's synapses of a projection, by target, then source: workers in order give the order of
/// SynapseTable.
[[nodiscard]] std::vector<SynapsePlace> ordered_synapses(const ProjectionPart& part);

}  // namespace eprop::state
