#pragma once

#include <memory>
#include <vector>

#include "state/rank_state.hpp"

namespace eprop::state {

/// The blocks of all populations that belong to a thread of this rank, with all synapses onto them.
/// Refers to the signals of readouts in `rank`, whose workers need not be there yet. With
/// `synapses`, those of a worker of the same blocks, it works on these.
[[nodiscard]] std::unique_ptr<Worker> build_worker(
    const RankState& rank, int thread, std::shared_ptr<ProjectionParts> synapses = nullptr);

/// Sets needed[s] for every source s of a population that has a target in the worker.
void mark_needed_sources(const RankState& rank, const Worker& worker, std::uint32_t population,
                         std::vector<bool>& needed);

}  // namespace eprop::state
