#include "state/synapse_order.hpp"

#include <numeric>

namespace eprop::state {
namespace {

/// Counting sort by target: tiles hold consecutive targets, and their synapses come by source.
void place_tile(const synapses::SynapseTile& tile, std::uint32_t index, SynapsePlace* places) {
  std::vector<std::uint32_t> next(tile.targets.size() + std::size_t{1}, 0);
  for (const auto target : tile.target) ++next[target + std::size_t{1}];
  std::partial_sum(next.begin(), next.end(), next.begin());
  for (std::uint32_t source = 0; source < tile.n_sources(); ++source) {
    for (auto s = tile.begin[source]; s < tile.begin[source + 1]; ++s) {
      const auto target = tile.target[s];
      places[next[target]++] = {source, tile.targets.begin + target, index, s};
    }
  }
}

}  // namespace

std::vector<SynapsePlace> ordered_synapses(const ProjectionPart& part) {
  std::size_t size = 0;
  for (const auto& tile : part.tiles) size += tile.size();
  std::vector<SynapsePlace> places(size);
  auto* first = places.data();
  for (std::uint32_t i = 0; i < part.tiles.size(); ++i) {
    place_tile(part.tiles[i], i, first);
    first += part.tiles[i].size();
  }
  return places;
}

}  // namespace eprop::state
