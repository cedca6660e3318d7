#pragma once

#include <vector>

#include "state/rank_state.hpp"

namespace eprop::state {

/// A thread's synapses of a projection, onto the targets `neurons`, which are cut into `tiles`
/// (relative to their begin). InvalidParameter if a drawn weight exceeds its bounds.
[[nodiscard]] ProjectionPart build_synapses(const plan::Plan& plan, std::uint32_t projection,
                                            core::Range neurons,
                                            const std::vector<core::Range>& tiles);

/// Marks the sources that have synapses in the part.
void mark_sources(const ProjectionPart& part, std::vector<bool>& sources);

}  // namespace eprop::state
