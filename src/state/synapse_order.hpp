#pragma once

#include <span>
#include <vector>

#include "core/column.hpp"
#include "eprop/weights.hpp"
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

/// Appends a worker's synapses in that order; `weights` are those of each tile, as stored.
void append_synapses(const ProjectionPart& part, std::span<const core::Column> weights,
                     SynapseTable& table);

}  // namespace eprop::state
