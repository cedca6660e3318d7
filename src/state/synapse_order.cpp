#include "state/synapse_order.hpp"

#include <numeric>

namespace eprop::state {
namespace {

/// Counting sort by target: tiles hold consecutive targets, and their synapses come by source.
void place_tile(const synapses::SynapseTile& tile, std::uint32_t index, SynapsePlace* places) {
  std::vector<std::uint32_t> next(tile.targets.size() + std::size_t{1}, 0);
  for (const auto target : tile.target) ++next[target + std::size_t{1}];
  std::partial_sum(next.begin(), next.end(), next.begin());
  tile.for_each_source([&](std::uint32_t source, core::Range synapses) {
    for (auto s = synapses.begin; s < synapses.end; ++s) {
      const auto target = tile.target[s];
      places[next[target]++] = {source, tile.targets.begin + target, index, s};
    }
  });
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

void append_synapses(const ProjectionPart& part, std::span<const core::Column> weights,
                     SynapseTable& table) {
  const auto places = ordered_synapses(part);
  const auto append = [&](auto& column, auto value_of) {
    column.reserve(column.size() + places.size());
    for (const auto& place : places) column.push_back(value_of(place));
  };
  append(table.source, [](const SynapsePlace& p) { return p.source; });
  append(table.target, [](const SynapsePlace& p) { return p.target; });
  append(table.weight, [&](const SynapsePlace& p) { return weights[p.tile][p.synapse]; });
}

}  // namespace eprop::state
