#include "engine/transmissions.hpp"

#include <algorithm>

#include "core/flush_denormals.hpp"

namespace eprop::engine {
namespace {

using plasticity::SourceClock;

plasticity::TransmissionTargets targets_of(const RankState& rank, const RecurrentPart& part,
                                           std::size_t tile) {
  return {.mode = rank.populations[part.population].transmission,
          .readouts = false,
          .offset = part.tiles[tile].begin,
          .block = &part.block,
          .surrogate_gradient = &part.surrogate_gradient,
          .archive = &part.transmission};
}

plasticity::TransmissionTargets targets_of(const RankState& rank, const ReadoutPart& part,
                                           std::size_t tile) {
  return {.mode = rank.populations[part.population].transmission,
          .readouts = true,
          .offset = part.tiles[tile].begin,
          .readout_block = &part.block,
          .errors = part.errors};
}

/// Brings the synapses of silent sources so far that the archive may overwrite what they have used.
void sweep(const ProjectionInfo& info, ProjectionPart& synapses, Step t,
           const plasticity::TransmissionMode& mode, const auto& targets_of_tile,
           plasticity::TransmissionScratch& scratch) {
  const Step oldest = plasticity::oldest_unswept(mode, t);
  for (std::uint32_t source = 0; source < info.n_sources; ++source) {
    auto& clock = synapses.clocks[source];
    if (clock.last < 0 || clock.handled >= oldest || beyond_cutoff(clock, mode)) continue;
    for (std::size_t i = 0; i < synapses.tiles.size(); ++i) {
      plasticity::handle(synapses.tiles[i], source, clock, t - mode.lag, targets_of_tile(i),
                         transmission_optimizer(info), scratch);
    }
    plasticity::catch_up(clock, t - mode.lag, mode, transmission_optimizer(info));
  }
}

/// Notes whether the updates of a projection before step t have left anything that is not finite.
void note_weights(Worker& worker, std::uint32_t projection, Step t) {
  for (const auto& tile : worker.projections[projection].tiles) {
    if (tile.not_finite != 0) worker.divergence.note({t, Quantity::weight, projection});
  }
}

template <class Part>
void update_part(RankState& rank, Worker& worker, Part& part, Step t) {
  const auto& mode = rank.populations[part.population].transmission;
  const auto tile_targets = [&](std::size_t i) { return targets_of(rank, part, i); };
  for (const auto p : part.incoming) {
    const auto& info = rank.projections[p];
    if (info.plasticity != Family::plus) continue;
    auto& synapses = worker.projections[p];
    if (t % plasticity::sweep_interval == 0) {
      sweep(info, synapses, t, mode, tile_targets, worker.transmission_scratch);
    }
    for (const auto source : rank.populations[info.source].history->at(t - info.delay)) {
      auto& clock = synapses.clocks[source];
      if (clock.last >= 0) {
        for (std::size_t i = 0; i < synapses.tiles.size(); ++i) {
          plasticity::transmit_plastic(synapses.tiles[i], source, clock, t, tile_targets(i),
                                       transmission_optimizer(info), worker.transmission_scratch);
        }
      }
      plasticity::restart(clock, t, mode, transmission_optimizer(info));
    }
    note_weights(worker, p, t);
  }
}

/// Whether a source's synapses have an open interval to learn from before step t.
bool has_open_interval(const SourceClock& clock, Step t) {
  return clock.last >= 0 && clock.last != t;
}

template <class Part>
void learn_open_intervals(RankState& rank, Worker& worker, Part& part, std::uint32_t projection,
                          Step t) {
  const auto& info = rank.projections[projection];
  auto& synapses = worker.projections[projection];
  const auto& mode = rank.populations[part.population].transmission;
  for (std::uint32_t source = 0; source < info.n_sources; ++source) {
    auto& clock = synapses.clocks[source];
    if (!has_open_interval(clock, t)) continue;
    for (std::size_t i = 0; i < synapses.tiles.size(); ++i) {
      plasticity::transmit_plastic(synapses.tiles[i], source, clock, t, targets_of(rank, part, i),
                                   transmission_optimizer(info), worker.transmission_scratch);
    }
    plasticity::finish_interval(clock, t, mode, transmission_optimizer(info));
  }
  note_weights(worker, projection, t);
}

template <class Part>
void transmit_all(const RankState& rank, const Part& part, const ProjectionInfo& info,
                  const ProjectionPart& synapses, std::uint32_t tile, Step t,
                  synapses::SynapseTile& copy) {
  plasticity::TransmissionScratch scratch;
  const core::FlushDenormals flush;
  for (std::uint32_t source = 0; source < info.n_sources; ++source) {
    const auto& clock = synapses.clocks[source];
    if (!has_open_interval(clock, t)) continue;
    plasticity::transmit_plastic(copy, source, clock, t, targets_of(rank, part, tile),
                                 transmission_optimizer(info), scratch);
  }
}

}  // namespace

void extend_archives(RankState& rank, Worker& worker, Step t) {
  for (auto& part : worker.recurrent) {
    if (part.block.family != Family::plus) continue;
    part.transmission.extend(t, rank.populations[part.population].transmission, part.block,
                             part.surrogate_gradient, part.signals);
  }
}

void update_transmitting(RankState& rank, Worker& worker, Step t) {
  for (auto& part : worker.recurrent) {
    if (part.block.family == Family::plus) update_part(rank, worker, part, t);
  }
  for (auto& part : worker.readouts) {
    if (part.block.family == Family::plus) update_part(rank, worker, part, t);
  }
}

void learn_open_intervals(RankState& rank, std::uint32_t projection, Step t) {
  const core::FlushDenormals flush;
  const auto target = rank.projections[projection].target;
  for (auto& worker : rank.workers) {
    for (auto& part : worker->recurrent) {
      if (part.population == target) learn_open_intervals(rank, *worker, part, projection, t);
    }
    for (auto& part : worker->readouts) {
      if (part.population == target) learn_open_intervals(rank, *worker, part, projection, t);
    }
  }
}

WeightsInForce weights_in_force(const RankState& rank, const Worker& worker,
                                std::uint32_t projection, std::uint32_t tile, Step t) {
  const auto& info = rank.projections[projection];
  const auto& synapses = worker.projections[projection];
  if (info.plasticity != Family::plus) return {synapses.tiles[tile].weight};
  auto copy = synapses.tiles[tile];
  for (const auto& part : worker.recurrent) {
    if (part.population == info.target) transmit_all(rank, part, info, synapses, tile, t, copy);
  }
  for (const auto& part : worker.readouts) {
    if (part.population == info.target) transmit_all(rank, part, info, synapses, tile, t, copy);
  }
  return {std::move(copy.weight), copy.not_finite == 0};
}

}  // namespace eprop::engine
