#pragma once

#include <cstdint>

#include "eprop/statistics.hpp"
#include "state/rank_state.hpp"

namespace eprop::state {

/// Of all but the exchange.
[[nodiscard]] MemoryUse memory_of(const RankState& rank);

/// How many a rank has, of all projections.
[[nodiscard]] std::uint64_t synapses_of(const RankState& rank);

}  // namespace eprop::state
