#include "state/build_synapses.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/random.hpp"
#include "network/connections.hpp"
#include "network/drawn_value.hpp"
#include "network/optimizers.hpp"

namespace eprop::state {
namespace {

const Value& weight_of(const SynapseModel& synapse) {
  return std::visit([](const auto& s) -> const Value& { return s.weight; }, synapse);
}

bool is_adaptive(const plan::PopulationPlan& population) {
  const auto* neurons = std::get_if<plan::Neurons>(&population.role);
  return neurons != nullptr && neurons->adaptive;
}

/// The connections of a projection onto the targets of one thread, tile by tile.
class TileConnections {
 public:
  TileConnections(const plan::Plan& plan, std::uint32_t projection, core::Range neurons)
      : rule_(plan.network.projections()[projection].rule),
        space_(space_of(plan.projections[projection])),
        random_(plan.network.options().seed, core::Purpose::connection, projection) {
    if (network::made_by_source(rule_)) {
      all_ = network::connections(rule_, space_, neurons, random_);
    }
  }

  /// Ordered by target, source, index.
  [[nodiscard]] std::vector<network::Connection> onto(core::Range targets) const {
    if (!network::made_by_source(rule_)) {
      return network::connections(rule_, space_, targets, random_);
    }
    const auto at = [&](std::uint32_t target) {
      return std::partition_point(all_.begin(), all_.end(),
                                  [&](const auto& c) { return c.target < target; });
    };
    return {at(targets.begin), at(targets.end)};
  }

 private:
  static network::ConnectionSpace space_of(const plan::ProjectionPlan& projection) {
    return {projection.n_sources, projection.n_targets, projection.source == projection.target};
  }

  const ConnectionRule& rule_;
  const network::ConnectionSpace space_;
  const core::RandomStream random_;
  std::vector<network::Connection> all_;  ///< of rules made by source
};

void draw_weights(synapses::SynapseTile& tile, const plan::Plan& plan, std::uint32_t projection,
                  const std::vector<network::Connection>& list) {
  const auto& spec = plan.network.projections()[projection];
  const auto& optimizer = plan.projections[projection].optimizer;
  const network::DrawnValue weight(
      weight_of(spec.synapse), {plan.network.options().seed, core::Purpose::weight, projection}, 0);
  tile.weight.resize(tile.size());
  auto next = tile.begin;
  for (const auto& c : list) {
    const double w = weight(c.index);
    if (optimizer && (w < optimizer->w_min || w > optimizer->w_max)) {
      network::refuse_weight(
          fmt::format("projection '{}', synapse {} -> {}", spec.name, c.source, c.target), "weight",
          w, optimizer->w_min, optimizer->w_max);
    }
    tile.weight[next[c.source]++] = w;
  }
}

synapses::SynapseTile build_tile(const plan::Plan& plan, std::uint32_t projection,
                                 core::Range targets,
                                 const std::vector<network::Connection>& list) {
  const auto& what = plan.projections[projection];
  synapses::SynapseTile tile(list, targets, what.n_sources);
  draw_weights(tile, plan, projection, list);
  if (what.family == Family::plus) {
    const auto& population = plan.populations[what.target];
    plasticity::add_transmission_state(tile, population.transmission, what.onto_readouts,
                                       is_adaptive(population),
                                       what.transmission_optimizer(what.optimizer->eta));
  }
  if (what.optimizer) plasticity::add_optimizer_state(tile, *what.optimizer);
  return tile;
}

}  // namespace

ProjectionPart build_synapses(const plan::Plan& plan, std::uint32_t projection, core::Range neurons,
                              const std::vector<core::Range>& tiles) {
  ProjectionPart part;
  const auto& what = plan.projections[projection];
  if (what.family == Family::plus) part.clocks.resize(what.n_sources);
  const TileConnections connections(plan, projection, neurons);
  for (const auto& tile : tiles) {
    const core::Range targets{neurons.begin + tile.begin, neurons.begin + tile.end};
    part.tiles.push_back(build_tile(plan, projection, targets, connections.onto(targets)));
  }
  return part;
}

}  // namespace eprop::state
