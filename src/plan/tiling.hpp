#pragma once

#include <cstdint>
#include <vector>

#include "core/partition.hpp"
#include "plan/plan.hpp"

namespace eprop::plan {

/// How many targets of a population share a tile. Plastic synapses are worked on tile by tile, so
/// that the coefficients of a tile stay in cache; but a source should have some 16 synapses in a
/// tile, or rows get too short. Uses what the plan says of projections.
[[nodiscard]] std::uint32_t tile_width(const Plan& plan, std::uint32_t population);

/// Cuts `size` neighbouring targets into tiles of nearly equal width, at most `width`.
[[nodiscard]] std::vector<core::Range> tiles(std::uint32_t size, std::uint32_t width);

}  // namespace eprop::plan
