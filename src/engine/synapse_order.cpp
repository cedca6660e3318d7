#include "engine/synapse_order.hpp"

#include <algorithm>
#include <tuple>

namespace eprop::engine {

std::vector<SynapsePlace> ordered_synapses(const ProjectionPart& part) {
  std::vector<SynapsePlace> places;
  for (std::uint32_t i = 0; i < part.tiles.size(); ++i) {
    const auto& tile = part.tiles[i];
    for (std::uint32_t source = 0; source < tile.n_sources(); ++source) {
      for (auto s = tile.begin[source]; s < tile.begin[source + 1]; ++s) {
        places.push_back({source, tile.targets.begin + tile.target[s], i, s});
      }
    }
  }
  std::sort(places.begin(), places.end(), [](const SynapsePlace& a, const SynapsePlace& b) {
    return std::tie(a.target, a.source, a.synapse) < std::tie(b.target, b.source, b.synapse);
  });
  return places;
}

}  // namespace eprop::engine
