#include "learning/own_synapses.hpp"

#include "core/flush_denormals.hpp"
#include "learning/transmissions.hpp"
#include "state/synapse_order.hpp"

namespace eprop::learning {

OwnSynapses own_synapses(const state::RankState& rank, std::uint32_t projection, Step t) {
  const core::FlushDenormals flush;
  OwnSynapses own;
  for (const auto& worker : rank.workers) {
    const auto& part = worker->projections[projection];
    std::vector<core::Column> weights;
    for (std::uint32_t i = 0; i < part.tiles.size(); ++i) {
      auto tile = weights_in_force(rank, *worker, projection, i, t);
      own.finite = own.finite && tile.finite;
      weights.push_back(std::move(tile.weights));
    }
    const auto places = ordered_synapses(part);
    const auto append = [&](auto& column, auto value_of) {
      column.reserve(column.size() + places.size());
      for (const auto& place : places) column.push_back(value_of(place));
    };
    append(own.table.source, [](const state::SynapsePlace& p) { return p.source; });
    append(own.table.target, [](const state::SynapsePlace& p) { return p.target; });
    append(own.table.weight,
           [&](const state::SynapsePlace& p) { return weights[p.tile][p.synapse]; });
  }
  return own;
}

}  // namespace eprop::learning
