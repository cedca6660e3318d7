#include "learning/transmissions.hpp"

#include <algorithm>

#include "core/flush_denormals.hpp"

namespace eprop::learning {
namespace {

using plasticity::SourceClock;
using state::ProjectionPart;
using state::Quantity;
using state::RankState;
using state::ReadoutPart;
using state::RecurrentPart;
using state::Worker;

plasticity::TransmissionTargets targets_of(const RankState& rank, const RecurrentPart& part,
                                           std::size_t tile) {
  return {.mode = rank.plan.populations[part.population].transmission,
          .readouts = false,
          .offset = part.tiles[tile].begin,
          .block = &part.block,
          .surrogate_gradient = &part.surrogate_gradient,
          .archive = &part.transmission};
}

plasticity::TransmissionTargets targets_of(const RankState& rank, const ReadoutPart& part,
                                           std::size_t tile) {
  return {.mode = rank.plan.populations[part.population].transmission,
          .readouts = true,
          .offset = part.tiles[tile].begin,
          .readout_block = &part.block,
          .errors = &rank.readouts(part.population).errors};
}

/// The update of a thread's synapses of one projection before step t.
template <class Part>
struct ProjectionUpdate {
  const RankState& rank;
  const Part& part;  ///< the targets
  std::uint32_t projection;
  Step t;

  [[nodiscard]] const plasticity::TransmissionMode& mode() const {
    return rank.plan.populations[part.population].transmission;
  }
  [[nodiscard]] plasticity::TransmissionOptimizer optimizer() const {
    return rank.transmission_optimizer(projection);
  }

  /// Makes the synapses of a source in one tile learn up to a transmission in step t.
  void transmit(synapses::SynapseTile& tile, std::size_t index, std::uint32_t source,
                const SourceClock& clock, plasticity::TransmissionScratch& scratch) const {
    plasticity::transmit_plastic(
        {tile, source, clock, targets_of(rank, part, index), optimizer(), scratch}, t);
  }
  void transmit(Worker& worker, std::uint32_t source, const SourceClock& clock) const {
    auto& tiles = worker.projections[projection].tiles;
    for (std::size_t i = 0; i < tiles.size(); ++i) {
      transmit(tiles[i], i, source, clock, worker.transmission_scratch);
    }
  }

  /// Brings the synapses of silent sources so far that the archive may overwrite what they have
  /// used.
  void sweep(Worker& worker) const {
    auto& synapses = worker.projections[projection];
    const Step oldest = plasticity::oldest_unswept(mode(), t);
    auto& silent = worker.transmission_scratch.due;
    silent.clear();
    synapses.clocked.for_each([&](std::uint32_t source, std::uint32_t place) {
      auto& clock = synapses.clocks[place];
      if (clock.last < 0 || clock.handled >= oldest || beyond_cutoff(clock, mode())) return;
      silent.push_back({source, &clock});
    });
    for (std::size_t i = 0; i < synapses.tiles.size(); ++i) {
      for (const auto& [source, clock] : silent) {
        plasticity::handle({synapses.tiles[i], source, *clock, targets_of(rank, part, i),
                            optimizer(), worker.transmission_scratch},
                           t - mode().lag);
      }
    }
    for (const auto& [source, clock] : silent) {
      plasticity::catch_up(*clock, t - mode().lag, mode(), optimizer());
    }
  }

  /// Updates the synapses that transmit in step t, tile by tile, so that what is known of its
  /// targets stays in cache from source to source.
  void update_transmitting(Worker& worker) const {
    const auto& what = rank.plan.projections[projection];
    auto& stored = worker.projections[projection];
    auto& due = worker.transmission_scratch.due;
    due.clear();
    for (const auto source : rank.spikes(what.source).history.at(t - what.delay)) {
      if (auto* const clock = stored.clock(source)) due.push_back({source, clock});
    }
    for (std::size_t i = 0; i < stored.tiles.size(); ++i) {
      auto& tile = stored.tiles[i];
      const bool fetches = tile.is_large();
      for (std::size_t k = 0; k < due.size(); ++k) {
        if (fetches && k + synapses::fetched_ahead < due.size()) {
          synapses::fetch_row(tile, due[k + synapses::fetched_ahead].source,
                              {&tile.weight, &tile.e_bar});
        }
        const auto& [source, clock] = due[k];
        if (clock->last >= 0) transmit(tile, i, source, *clock, worker.transmission_scratch);
      }
    }
    for (const auto& [source, clock] : due) plasticity::restart(*clock, t, mode(), optimizer());
  }

  /// Whether a source's synapses have an open interval to learn from before step t.
  [[nodiscard]] bool has_open_interval(const SourceClock& clock) const {
    return clock.last >= 0 && clock.last != t;
  }
  void learn_open_intervals(Worker& worker) const {
    auto& synapses = worker.projections[projection];
    synapses.clocked.for_each([&](std::uint32_t source, std::uint32_t place) {
      auto& clock = synapses.clocks[place];
      if (!has_open_interval(clock)) return;
      transmit(worker, source, clock);
      plasticity::finish_interval(clock, t, mode(), optimizer());
    });
  }
  /// What learn_open_intervals() would make of a copy of a tile, with the worker as it is.
  void learn_open_intervals(const Worker& worker, std::size_t tile,
                            synapses::SynapseTile& copy) const {
    plasticity::TransmissionScratch scratch;
    const auto& synapses = worker.projections[projection];
    synapses.clocked.for_each([&](std::uint32_t source, std::uint32_t place) {
      const auto& clock = synapses.clocks[place];
      if (has_open_interval(clock)) transmit(copy, tile, source, clock, scratch);
    });
  }
};

/// Notes whether the updates of a projection before step t have left anything that is not finite.
void note_weights(Worker& worker, std::uint32_t projection, Step t) {
  for (const auto& tile : worker.projections[projection].tiles) {
    if (tile.not_finite != 0) worker.divergence.note({t, Quantity::weight, projection});
  }
}

template <class Part>
void update_part(const RankState& rank, Worker& worker, const Part& part, Step t) {
  if (part.block.family != Family::plus) return;
  for (const auto p : rank.plan.populations[part.population].incoming) {
    if (rank.plan.projections[p].family != Family::plus) continue;
    const ProjectionUpdate<Part> update{rank, part, p, t};
    if (t % plasticity::sweep_interval == 0) update.sweep(worker);
    update.update_transmitting(worker);
    note_weights(worker, p, t);
  }
}

/// Calls visit with a ProjectionUpdate of the worker's targets of the projection, if it has any.
template <class V>
void visit_update(const RankState& rank, const Worker& worker, std::uint32_t projection, Step t,
                  V&& visit) {
  const auto look = [&]<class Part>(const std::vector<Part>& parts) {
    for (const auto& part : parts) {
      if (part.population == rank.plan.projections[projection].target) {
        visit(ProjectionUpdate<Part>{rank, part, projection, t});
      }
    }
  };
  look(worker.recurrent);
  look(worker.readouts);
}

}  // namespace

void extend_archives(const RankState& rank, Worker& worker, Step t) {
  for (auto& part : worker.recurrent) {
    if (part.block.family != Family::plus) continue;
    part.transmission.extend(t, rank.plan.populations[part.population].transmission, part.block,
                             part.surrogate_gradient, part.signals);
  }
}

void update_transmitting(const RankState& rank, Worker& worker, Step t) {
  for (const auto& part : worker.recurrent) update_part(rank, worker, part, t);
  for (const auto& part : worker.readouts) update_part(rank, worker, part, t);
}

void learn_open_intervals(RankState& rank, std::uint32_t projection, Step t) {
  const core::FlushDenormals flush;
  for (auto& worker : rank.workers) {
    visit_update(rank, *worker, projection, t, [&](const auto& update) {
      update.learn_open_intervals(*worker);
      note_weights(*worker, projection, t);
    });
  }
}

WeightsInForce weights_in_force(const RankState& rank, const Worker& worker,
                                std::uint32_t projection, std::uint32_t tile, Step t) {
  const auto& stored = worker.projections[projection].tiles[tile];
  if (rank.plan.projections[projection].family != Family::plus) return {stored.weight};
  const core::FlushDenormals flush;
  auto copy = stored;
  visit_update(rank, worker, projection, t,
               [&](const auto& update) { update.learn_open_intervals(worker, tile, copy); });
  return {std::move(copy.weight), copy.not_finite == 0};
}

}  // namespace eprop::learning
