#include "engine/simulation_impl.hpp"
#include "eprop/comm/agreement.hpp"
#include "eprop/comm/collectives.hpp"
#include "eprop/errors.hpp"
#include "network/weight_matrix.hpp"
#include "state/synapse_order.hpp"
#include "transfer/fitting_weights.hpp"
#include "transfer/stored_weights.hpp"

/// Weights from files: rank 0 reads and checks them, the others get what it found, or its error.
namespace eprop {

using namespace engine;
using transfer::StoredWeights;
using transfer::WantedWeights;

namespace {

/// Of all ranks' synapses who is connected to whom; empty on other ranks than 0.
SynapseTable gather_pairs(const state::RankState& rank, std::uint32_t projection,
                          comm::Communicator& comm) {
  SynapseTable own;
  for (const auto& worker : rank.workers) {
    for (const auto& place : state::ordered_synapses(worker->projections[projection])) {
      own.source.push_back(place.source);
      own.target.push_back(place.target);
    }
  }
  return {comm::gather_all(comm, own.source, 0), comm::gather_all(comm, own.target, 0), {}};
}

void check(const StoredWeights& stored, const WantedWeights& wanted,
           const plan::ProjectionPlan& projection, const SynapseTable& synapses) {
  if (stored.synapses) {
    if (const auto& shape = stored.synapses->shape) {
      network::check_matrix_shape(stored.thing, *shape, wanted.shape);
      transfer::require_single_synapses(stored.thing, synapses);
    }
    transfer::require_same_synapses(stored.thing, wanted.name, synapses, stored.synapses->table);
  }
  transfer::require_possible(stored.thing, projection, stored.weights);
}

constexpr auto reading = "reading weights";

}  // namespace

/// Calls f() on the first rank of each group; if it throws on one, all ranks do.
template <class F>
void Simulation::Impl::read_weights(F&& f) {
  comm::agreed<InvalidParameter, OutputError, CheckpointError>(grouping.whole, reading, [&] {
    if (comm.rank() == 0) f();
  });
}

void Simulation::load_weights(const std::string& path, std::span<const Projection> projections) {
  impl_->require_all_ranks("load_weights");
  auto& impl = *impl_;
  for (const auto projection : projections) (void)impl.name_of(projection);
  const auto sums = state::synapse_sums(*impl.rank, impl.comm);
  const auto& network = impl.rank->plan.network;
  std::vector<Projection> set;  // those with synapses
  std::vector<WantedWeights> wanted;
  for (const auto projection : projections) {
    if (sums[projection.index].count == 0) continue;
    const auto& spec = network.projections()[projection.index];
    const auto size = [&](Population p) { return network.populations()[p.index].size; };
    set.push_back(projection);
    wanted.push_back({spec.name, {size(spec.target), size(spec.source)}, sums[projection.index]});
  }

  std::vector<StoredWeights> stored(wanted.size());
  impl.read_weights([&] { stored = transfer::stored_weights(path, wanted); });
  for (std::size_t i = 0; i < set.size(); ++i) {
    const auto p = set[i].index;
    const auto pairs = gather_pairs(*impl.rank, p, impl.comm);
    impl.read_weights([&] { check(stored[i], wanted[i], impl.rank->plan.projections[p], pairs); });
  }
  for (std::size_t i = 0; i < set.size(); ++i) {
    comm::broadcast(impl.comm, stored[i].weights, 0);
    set_weights(set[i], stored[i].weights);
  }
}

SynapseTable read_weights(const std::string& path, const std::string& projection,
                          comm::Communicator& comm) {
  SynapseTable table;
  comm::on_first_rank<InvalidParameter, OutputError, CheckpointError>(comm, reading, [&] {
    table = std::move(recording::read_weights_file(path, {projection}).front().table);
  });
  comm::broadcast(comm, table.source, 0);
  comm::broadcast(comm, table.target, 0);
  comm::broadcast(comm, table.weight, 0);
  return table;
}

}  // namespace eprop
