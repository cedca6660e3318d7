#include "reports/transmitted_weights.hpp"

#include <algorithm>

#include "core/refuse.hpp"
#include "eprop/comm/collectives.hpp"
#include "learning/transmissions.hpp"
#include "state/synapse_order.hpp"

namespace eprop::reports {

void TransmittedWeights::add(Projection projection, Step now) {
  (void)rank_.plan.network.at(projection);
  const auto [kept, is_new] = kept_.try_emplace(projection.index, rank_.workers.size());
  if (!is_new) return;
  for (std::size_t w = 0; w < rank_.workers.size(); ++w) {
    const auto& worker = *rank_.workers[w];
    const auto tiles = worker.projections[projection.index].tiles.size();
    for (std::uint32_t i = 0; i < tiles; ++i) {
      kept->second[w].push_back(
          learning::weights_in_force(rank_, worker, projection.index, i, now).weights);
    }
  }
}

void TransmittedWeights::set(Projection projection) {
  const auto kept = kept_.find(projection.index);
  if (kept == kept_.end()) return;
  for (std::size_t w = 0; w < rank_.workers.size(); ++w) {
    const auto& tiles = rank_.workers[w]->projections[projection.index].tiles;
    for (std::size_t i = 0; i < tiles.size(); ++i) kept->second[w][i] = tiles[i].weight;
  }
}

void TransmittedWeights::before_delivery(std::size_t thread, Step t) {
  const bool interval_begins = rank_.plan.timing.interval_begins(t);
  for (auto& [projection, kept] : kept_) {
    const auto& plan = rank_.plan.projections[projection];
    if (interval_begins && plan.drops_first_arrivals()) continue;
    const auto& tiles = rank_.workers[thread]->projections[projection].tiles;
    for (const auto source : rank_.spikes(plan.source).history.at(t - plan.delay)) {
      for (std::size_t i = 0; i < tiles.size(); ++i) {
        const synapses::Row row(tiles[i], source);
        std::copy_n(tiles[i].weight.data() + row.first, row.size,
                    kept[thread][i].data() + row.first);
      }
    }
  }
}

SynapseTable TransmittedWeights::of(Projection projection) const {
  const auto& name = rank_.plan.network.at(projection).name;
  const auto kept = kept_.find(projection.index);
  if (kept == kept_.end()) {
    core::refuse(fmt::format("projection '{}'", name), "transmitted weights", "none", "",
                 "they are not kept");
  }
  SynapseTable own;
  for (std::size_t w = 0; w < rank_.workers.size(); ++w) {
    state::append_synapses(rank_.workers[w]->projections[projection.index], kept->second[w], own);
  }
  return {comm::gather_all(comm_, own.source, 0), comm::gather_all(comm_, own.target, 0),
          comm::gather_all(comm_, own.weight, 0)};
}

}  // namespace eprop::reports
