#pragma once

#include <memory>
#include <vector>

#include "engine/rank_state.hpp"

namespace eprop::engine {

/// The blocks of all populations that belong to a thread of this rank, with all synapses onto them.
/// Uses of `rank` what exists before its workers do.
[[nodiscard]] std::unique_ptr<Worker> build_worker(RankState& rank, int thread);

/// Sets needed[s] for every source s of a population that has a target in the worker.
void mark_needed_sources(const RankState& rank, const Worker& worker, std::uint32_t population,
                         std::vector<bool>& needed);

}  // namespace eprop::engine
