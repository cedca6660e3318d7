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
    state::append_synapses(part, weights, own.table);
  }
  return own;
}

}  // namespace eprop::learning
