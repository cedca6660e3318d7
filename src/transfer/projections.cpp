#include <fmt/format.h>

#include <bit>
#include <span>
#include <string_view>
#include <tuple>

#include "eprop/comm/collectives.hpp"
#include "learning/own_synapses.hpp"
#include "state/build_synapses.hpp"
#include "state/synapse_order.hpp"
#include "transfer/column_names.hpp"
#include "transfer/transfer.hpp"

namespace eprop::transfer {
namespace {

using checkpoint::StateTransfer;
using plasticity::SourceClock;
using state::RankState;
using synapses::SynapseTile;

static_assert(std::string_view(synapses::synapse_columns[0].name) == stored_weight);

void transfer_rate(StateTransfer& transfer, state::LearningRate& rate, const std::string& name) {
  std::vector<double> eta{rate.now, rate.of_interval[0], rate.of_interval[1]};
  transfer.common(name + "eta", eta);
  checkpoint::require_size(name + "eta", eta.size(), 3);
  checkpoint::require_limits<double>(name + "eta", eta, {.low = 0.0});
  rate = {eta[0], {eta[1], eta[2]}};
}

/// Whether there are traces that only synapses onto such targets have.
bool has_two_filters(const RankState& rank, std::uint32_t projection) {
  const auto target = rank.plan.projections[projection].target;
  return rank.plan.populations[target].transmission.two_filters;
}

/// One for each step at most, that of the next transmission included.
checkpoint::Limits<std::int64_t> most_optimizations(Step now) { return {0, now + 1}; }

void transfer_synapses(StateTransfer& transfer, RankState& rank, std::uint32_t projection,
                       const std::string& name, Step now) {
  std::vector<std::pair<SynapseTile*, std::uint32_t>> synapses;  // this rank's, in global order
  for (auto& worker : rank.workers) {
    auto& part = worker->projections[projection];
    for (const auto& place : ordered_synapses(part)) {
      synapses.emplace_back(&part.tiles[place.tile], place.synapse);
    }
  }
  const auto move = [&]<class C>(const std::string& column, C SynapseTile::*member,
                                 const checkpoint::Limits<typename C::value_type>& limits = {}) {
    std::vector<typename C::value_type*> places;
    for (const auto& [tile, synapse] : synapses) {
      auto& values = (*tile).*member;
      if (!values.empty()) places.push_back(&values[synapse]);
    }
    transfer.distributed(name + column, places, limits);
  };
  const bool two_filters = has_two_filters(rank, projection);
  for (const auto& column : synapses::synapse_columns) {
    if (two_filters || !column.of_currents) move(column.name, column.member);
  }
  move("optimizations", &SynapseTile::optimizations, most_optimizations(now));
}

/// What weights() would return now. The stored weights of the plus family are those of each
/// synapse's last transmission.
void save_weights_in_force(StateTransfer& transfer, RankState& rank, std::uint32_t projection,
                           const std::string& name, Step now) {
  auto [own, finite] = learning::own_synapses(rank, projection, now);
  if (!finite) rank.workers.front()->divergence.note({now, state::Quantity::weight, projection});
  std::vector<double*> places;
  for (double& weight : own.weight) places.push_back(&weight);
  transfer.distributed(name + weight_in_force, places);
}

/// A clock in numbers of one kind, to be sent between ranks.
struct ClockRecord {
  std::int64_t last = -1, handled = 0, recent = 0, had_interval = 0, optimizations = 0;
  plasticity::PresynapticTrace trace;
};

ClockRecord record_of(const SourceClock& clock) {
  return {clock.last,
          clock.handled,
          std::bit_cast<std::int64_t>(clock.recent),
          clock.had_interval ? 1 : 0,
          clock.optimizations,
          clock.trace};
}

/// Which clock is right: threads without synapses of a source may not have heard of all its spikes.
bool ahead(const ClockRecord& a, const ClockRecord& b) {
  return std::tie(a.last, a.handled) > std::tie(b.last, b.handled);
}

/// What is so of every clock: what it has not handled is in the archive, or need not be.
void require_clock(const SourceClock& clock, const plasticity::TransmissionMode& mode, Step now,
                   const std::string& name) {
  const auto require = [&](const char* what, std::int64_t value,
                           const checkpoint::Limits<std::int64_t>& limits) {
    checkpoint::require_limits<std::int64_t>(name + what, std::span(&value, 1), limits);
  };
  require("clocks, last", clock.last, {-1, now});  // spikes that act in the next step are handled
  require("clocks, optimizations", clock.optimizations, most_optimizations(now));
  const bool needs_archive = clock.last >= 0 && !beyond_cutoff(clock, mode);
  require("clocks, handled", clock.handled,
          {needs_archive ? now - plasticity::archive_steps(mode) : -mode.lag, now});
  for (const double trace : {clock.trace.z_bar, clock.trace.i_bar}) {
    checkpoint::require_limits<double>(name + "traces", std::span(&trace, 1), {});
  }
}

void transfer_clocks(StateTransfer& transfer, RankState& rank, std::uint32_t projection,
                     const std::string& name, Step now) {
  const auto n_sources = rank.plan.projections[projection].n_sources;
  std::vector<ClockRecord> clocks(n_sources);
  const auto keep_latest = [&](std::size_t source, const ClockRecord& other) {
    if (ahead(other, clocks[source])) clocks[source] = other;
  };
  for (const auto& worker : rank.workers) {
    const auto& part = worker->projections[projection];
    std::vector<bool> present(n_sources, false);
    mark_sources(part, present);
    part.clocked.for_each([&](std::uint32_t source, std::uint32_t place) {
      if (present[source]) keep_latest(source, record_of(part.clocks[place]));
    });
  }
  for (const auto& others : comm::gather(transfer.comm(), clocks, 0)) {
    for (std::size_t s = 0; s < others.size(); ++s) keep_latest(s, others[s]);
  }
  std::vector<std::int64_t> steps;
  std::vector<double> traces, current_traces;
  const bool two_filters = has_two_filters(rank, projection);
  for (const auto& c : clocks) {
    steps.insert(steps.end(), {c.last, c.handled, c.recent, c.had_interval, c.optimizations});
    traces.push_back(c.trace.z_bar);
    if (two_filters) current_traces.push_back(c.trace.i_bar);
  }
  transfer.common(name + "clocks", steps);
  transfer.common(name + "traces", traces);
  if (two_filters) transfer.common(name + "current_traces", current_traces);
  if (transfer.saves()) return;
  checkpoint::require_size(name + "clocks", steps.size(), std::size_t{5} * n_sources);
  checkpoint::require_size(name + "traces", traces.size(), n_sources);
  if (two_filters)
    checkpoint::require_size(name + "current_traces", current_traces.size(), n_sources);
  const auto& mode = rank.plan.populations[rank.plan.projections[projection].target].transmission;
  std::vector<SourceClock> loaded;
  for (std::uint32_t s = 0; s < n_sources; ++s) {
    const auto* c = &steps[std::size_t{5} * s];
    loaded.push_back({.last = c[0],
                      .handled = c[1],
                      .recent = std::bit_cast<std::uint64_t>(c[2]),
                      .had_interval = c[3] != 0,
                      .trace = {traces[s], two_filters ? current_traces[s] : 0.0},
                      .optimizations = c[4]});
    require_clock(loaded.back(), mode, now, name);
  }
  for (auto& worker : rank.workers) {
    auto& part = worker->projections[projection];
    part.clocked.for_each(
        [&](std::uint32_t s, std::uint32_t place) { part.clocks[place] = loaded[s]; });
  }
}

}  // namespace

void transfer_projections(StateTransfer& transfer, RankState& rank, Step now) {
  for (std::uint32_t p = 0; p < rank.plan.projections.size(); ++p) {
    const auto name = columns_of_projection(rank.plan.network.projections()[p].name);
    transfer_rate(transfer, rank.learning_rates[p], name);
    transfer_synapses(transfer, rank, p, name, now);
    if (rank.plan.projections[p].family != Family::plus) continue;
    transfer_clocks(transfer, rank, p, name, now);
    if (transfer.saves()) save_weights_in_force(transfer, rank, p, name, now);
  }
}

}  // namespace eprop::transfer
