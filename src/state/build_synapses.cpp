#include "state/build_synapses.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/random.hpp"
#include "network/drawn_value.hpp"
#include "network/optimizers.hpp"
#include "network/visit_connections.hpp"

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

  /// Calls take(source, target, index), ordered by target and, for each source and target, by
  /// index. Nothing is kept of rules made by target: they are cheaper made twice than read again.
  template <class Take>
  void visit(core::Range targets, Take&& take) const {
    if (!network::made_by_source(rule_)) {
      network::visit_connections(rule_, space_, targets, random_, take);
      return;
    }
    const auto at = [&](std::uint32_t target) {
      return std::partition_point(all_.begin(), all_.end(),
                                  [&](const auto& c) { return c.target < target; });
    };
    std::for_each(at(targets.begin), at(targets.end),
                  [&](const auto& c) { take(c.source, c.target, c.index); });
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

/// The weights of a projection; those out of bounds are refused.
class Weights {
 public:
  Weights(const plan::Plan& plan, std::uint32_t projection)
      : spec_(plan.network.projections()[projection]),
        optimizer_(plan.projections[projection].optimizer),
        drawn_(weight_of(spec_.synapse),
               {plan.network.options().seed, core::Purpose::weight, projection}, 0) {}

  [[nodiscard]] double operator()(std::uint32_t source, std::uint32_t target,
                                  std::uint64_t index) const {
    const double w = drawn_(index);
    if (optimizer_ && (w < optimizer_->w_min || w > optimizer_->w_max)) {
      network::refuse_weight(
          fmt::format("projection '{}', synapse {} -> {}", spec_.name, source, target), "weight", w,
          optimizer_->w_min, optimizer_->w_max);
    }
    return w;
  }

 private:
  const Network::ProjectionSpec& spec_;
  const std::optional<plasticity::OptimizerParameters>& optimizer_;
  network::DrawnValue drawn_;
};

synapses::SynapseTile build_tile(const plan::Plan& plan, std::uint32_t projection,
                                 core::Range targets, const TileConnections& connections) {
  const auto& what = plan.projections[projection];
  synapses::SynapseTile tile(
      targets, what.n_sources, [&](auto&& take) { connections.visit(targets, take); },
      Weights(plan, projection));
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

void mark_sources(const ProjectionPart& part, std::vector<bool>& sources) {
  for (const auto& tile : part.tiles) {
    tile.for_each_source([&](std::uint32_t source, core::Range synapses) {
      if (synapses.size() > 0) sources[source] = true;
    });
  }
}

ProjectionPart build_synapses(const plan::Plan& plan, std::uint32_t projection, core::Range neurons,
                              const std::vector<core::Range>& tiles) {
  ProjectionPart part;
  const auto& what = plan.projections[projection];
  const TileConnections connections(plan, projection, neurons);
  part.tiles.reserve(tiles.size());
  for (const auto& tile : tiles) {
    const core::Range targets{neurons.begin + tile.begin, neurons.begin + tile.end};
    part.tiles.push_back(build_tile(plan, projection, targets, connections));
  }
  if (what.family == Family::plus) {
    std::vector<bool> present(what.n_sources, false);
    mark_sources(part, present);
    part.clocked = core::SourceIndex(present);
    part.clocks.resize(part.clocked.places());
  }
  return part;
}

}  // namespace eprop::state
