#include <algorithm>
#include <cmath>

#include "core/refuse.hpp"
#include "engine/simulation_impl.hpp"
#include "eprop/comm/collectives.hpp"
#include "learning/interval_updates.hpp"
#include "learning/own_synapses.hpp"
#include "learning/transmissions.hpp"
#include "network/weight_matrix.hpp"
#include "state/synapse_order.hpp"
#include "state/verdict.hpp"
#include "transfer/fitting_weights.hpp"

namespace eprop {

using namespace engine;

namespace {

/// This rank's synapses of a projection, in the order of SynapseTable. Collective.
comm::Share share_of_synapses(const state::RankState& rank, std::uint32_t projection,
                              comm::Communicator& comm) {
  std::size_t own = 0;
  for (const auto& worker : rank.workers) {
    for (const auto& tile : worker->projections[projection].tiles) own += tile.size();
  }
  return comm::share_of(comm, own);
}

}  // namespace

std::string Simulation::Impl::name_of(Projection projection) const {
  return fmt::format("projection '{}'", rank->plan.network.at(projection).name);
}

SynapseTable Simulation::weights(Projection projection) {
  impl_->require_all_ranks("weights");
  auto& impl = *impl_;
  (void)impl.name_of(projection);
  impl.bring_up_to_date();
  const auto [own, finite] = learning::own_synapses(*impl.rank, projection.index, impl.now);
  if (!finite) {
    impl.rank->workers.front()->divergence.note(
        {impl.now, state::Quantity::weight, projection.index});
  }
  state::throw_if_diverged(*impl.rank, impl.comm, impl.now);
  return {comm::all_gather_all(impl.comm, own.source), comm::all_gather_all(impl.comm, own.target),
          comm::all_gather_all(impl.comm, own.weight)};
}

std::uint64_t Simulation::synapse_count(Projection projection) {
  (void)impl_->name_of(projection);
  return share_of_synapses(*impl_->rank, projection.index, impl_->comm).all;
}

std::uint64_t Simulation::synapses_at_bounds(Projection projection) {
  impl_->require_all_ranks("synapses_at_bounds");
  auto& impl = *impl_;
  (void)impl.name_of(projection);
  const auto& optimizer = impl.rank->plan.projections[projection.index].optimizer;
  if (!optimizer) return 0;
  impl.bring_up_to_date();
  const auto own = learning::own_synapses(*impl.rank, projection.index, impl.now);
  const auto n = std::ranges::count_if(own.table.weight, [&](double weight) {
    return weight <= optimizer->w_min || weight >= optimizer->w_max;
  });
  return comm::share_of(impl.comm, static_cast<std::size_t>(n)).all;
}

void Simulation::set_weights(Projection projection, std::span<const double> weights) {
  impl_->require_all_ranks("set_weights");
  auto& impl = *impl_;
  const auto thing = impl.name_of(projection);
  const auto share = share_of_synapses(*impl.rank, projection.index, impl.comm);
  if (weights.size() != share.all) {
    core::refuse(thing, "weights", weights.size(), "values",
                 fmt::format("must be one for each of the {} synapses", share.all));
  }
  const auto& what = impl.rank->plan.projections[projection.index];
  transfer::require_possible(thing, what, weights);
  impl.bring_up_to_date();
  auto next = weights.begin() + static_cast<std::ptrdiff_t>(share.first);
  if (what.family == Family::plus) {
    learning::learn_open_intervals(*impl.rank, projection.index, impl.now);
  }
  for (auto& worker : impl.rank->workers) {
    auto& part = worker->projections[projection.index];
    for (const auto& place : state::ordered_synapses(part)) {
      part.tiles[place.tile].weight[place.synapse] = *next++;
    }
  }
  impl.reports.of<reports::TransmittedWeights>().set(projection);
}

void Simulation::set_weights(Projection projection, const WeightMatrix& weights) {
  impl_->require_all_ranks("set_weights");
  const auto thing = impl_->name_of(projection);
  const auto& network = impl_->rank->plan.network;
  const auto& spec = network.projections()[projection.index];
  network::check_matrix_shape(thing, {weights.targets, weights.sources},
                              {network.populations()[spec.target.index].size,
                               network.populations()[spec.source.index].size});
  const auto given = synapse_table(weights);
  const auto wanted = this->weights(projection);
  transfer::require_single_synapses(thing, wanted);
  transfer::require_same_synapses(thing, spec.name, wanted, given);
  set_weights(projection, given.weight);
}

void Simulation::set_learning_rate(Projection projection, double eta, RateChange from) {
  auto& impl = *impl_;
  const auto thing = impl.name_of(projection);
  const auto& what = impl.rank->plan.projections[projection.index];
  auto& rate = impl.rank->learning_rates[projection.index];
  if (!what.optimizer) core::refuse(thing, "eta", eta, "", "the projection does not learn");
  if (!(std::isfinite(eta) && eta >= 0)) {
    core::refuse(thing, "eta", eta, "", "must be >= 0 and finite");
  }
  impl.bring_up_to_date();
  if (what.family == Family::plus && what.optimize_each_step && eta != rate.now) {
    learning::learn_open_intervals(*impl.rank, projection.index, impl.now);
  }
  rate.now = eta;
  if (from == RateChange::running_interval || impl.rank->plan.timing.interval_begins(impl.now)) {
    learning::set_running_interval_rate(impl.rank->plan.timing, rate, impl.now);
  }
}

}  // namespace eprop
