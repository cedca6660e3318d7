#include "engine/phases.hpp"

#include <algorithm>

#include "core/finite.hpp"
#include "synapses/transmit.hpp"

namespace eprop::engine {
namespace {

using plasticity::Interval;

/// Interval whose update is due in step t if updates are due `lag` steps after its end; k < 0 if
/// there is none.
Interval interval_due(const Timing& timing, Step t, Step lag) {
  const auto& T = timing.update_interval;
  const Step ended = t - 2 - lag;
  if (ended < T.value() || !T.divides(ended)) return {-1, 0, 0};
  return plasticity::interval(ended / T.value() - 1, T.value());
}

std::span<const std::uint32_t> arriving(const RankState& rank, const ProjectionInfo& info, Step t) {
  return rank.populations[info.source].history->at(t - info.delay);
}

plasticity::IntervalUpdate update_of(const RankState& rank, const ProjectionInfo& info,
                                     const Interval& interval) {
  const auto T = static_cast<std::uint32_t>(rank.timing.update_interval.value());
  // Arrivals at recurrent neurons count in the steps after the interval's first; at readouts, whose
  // interval lies one step later, likewise.
  const std::uint32_t skip = info.onto_readouts ? 1 : 0;
  return {.optimizer = *info.optimizer,
          .eta = info.interval_eta[interval.k % 2],
          .scale = info.gradient_scale,
          .interval = interval.k,
          .spikes = rank.populations[info.source].interval_spikes,
          .first_counted = skip,
          .last_counted = T - 1 + skip,
          .arrival_row = 1};
}

/// Updates synapses onto recurrent neurons: before the last learning signal is known those of the
/// sources that transmit in step t, after it all others.
void update_recurrent(RankState& rank, Worker& worker, RecurrentPart& part,
                      const Interval& interval, bool complete, Step t) {
  const Step early_sources = interval.last;  // they spiked then and transmit one step later
  for (const auto& pass : part.passes) {
    const bool any =
        complete ||
        std::any_of(pass.projections.begin(), pass.projections.end(), [&](std::uint32_t p) {
          const auto source = rank.projections[p].source;
          return !rank.populations[source].history->at(early_sources).empty();
        });
    if (!any) continue;
    for (std::size_t i = 0; i < part.tiles.size(); ++i) {
      plasticity::recurrent_coefficients(part.block, part.archive, part.surrogate_gradient,
                                         part.signals, part.tiles[i], interval, pass.kappa,
                                         complete, worker.scratch);
      for (const auto p : pass.projections) {
        const auto& info = rank.projections[p];
        auto& tile = worker.projections[p].tiles[i];
        plasticity::update_tile(tile, update_of(rank, info, interval),
                                rank.populations[info.source].history->at(early_sources), !complete,
                                worker.scratch);
        if (tile.not_finite != 0) worker.divergence.note({t, Quantity::weight, p});
      }
    }
  }
}

void update_readouts(RankState& rank, Worker& worker, ReadoutPart& part, const Interval& interval,
                     Step t) {
  for (std::size_t i = 0; i < part.tiles.size(); ++i) {
    plasticity::readout_coefficients(part.block, *part.errors, part.tiles[i], interval,
                                     worker.scratch);
    for (const auto p : part.incoming) {
      const auto& info = rank.projections[p];
      if (info.plasticity != Family::bsshslm_2020) continue;
      auto& tile = worker.projections[p].tiles[i];
      plasticity::update_tile(tile, update_of(rank, info, interval), {}, false, worker.scratch);
      if (tile.not_finite != 0) worker.divergence.note({t, Quantity::weight, p});
    }
  }
}

void advance_recurrent(RankState& rank, RecurrentPart& part, Step t) {
  const auto& timing = rank.timing;
  auto& block = part.block;
  const bool by_interval = block.family == Family::bsshslm_2020;
  if (by_interval && timing.reset_neurons_on_update && first_step_of_interval(timing, t)) {
    block.reset();
  }
  neurons::ArchiveRows rows;
  if (block.family != Family::none) rows.surrogate_gradient = part.surrogate_gradient.row(t);
  if (block.family == Family::plus) rows.regularization = part.transmission.regularization.row(t);
  block.update(block, t, rows);
  if (by_interval && t >= 2 && timing.update_interval.divides(t - 1)) {
    plasticity::close_interval(block, timing.update_interval.value(), part.archive);
  }
}

void receive_rates(const RankState& rank, ReadoutPart& part) {
  for (const auto& connection : rank.network.rate_connections()) {
    if (connection.readout.index != part.population) continue;
    const auto& player = rank.rates[connection.generator.index];
    auto& into = connection.receptor == RateReceptor::target_signal ? part.target : part.window;
    for (std::size_t k = 0; k < into.size(); ++k) {
      into[k] = player.now(part.block.neurons.begin + k);
    }
  }
}

void advance_readouts(RankState& rank, ReadoutPart& part, Step t, Divergence& divergence) {
  const auto& timing = rank.timing;
  const auto& T = timing.update_interval;
  auto& block = part.block;
  const bool by_interval = block.family == Family::bsshslm_2020;
  if (by_interval && timing.reset_neurons_on_update && t >= 3 && T.divides(t - 3)) block.reset();
  receive_rates(rank, part);
  neurons::ReadoutInputs inputs{
      .target = part.target.data(),
      .window = part.window.data(),
      .learning = t >= 4 && (t - 4) % T.value() >= T.value() - timing.learning_window,
      .potentials = {}};
  if (part.potentials != nullptr && t > 0) {
    inputs.potentials = {part.potentials->row(t - 1), part.potentials->columns()};
  }
  block.update(inputs);
  const auto first = block.neurons.begin;
  std::copy(block.error.begin(), block.error.end(), part.errors->row(t) + first);
  if (part.potentials != nullptr) {
    std::copy(block.potential.begin(), block.potential.end(), part.potentials->row(t) + first);
  }
  if (!core::all_finite(block.error)) {
    divergence.note({t, Quantity::error_signal, part.population});
  }
  if (!part.losses) return;
  part.losses->observe(t, block);
  if (!part.losses->finite()) divergence.note({t, Quantity::loss, part.population});
}

/// Potentials that are not finite mostly stay so: they are looked at now and then, and before the
/// end of an update interval resets them.
bool potentials_due(const Timing& timing, Step t) {
  constexpr Step look_interval = 32;
  if (t % look_interval == look_interval - 1) return true;
  return timing.reset_neurons_on_update &&
         (first_step_of_interval(timing, t) || first_step_of_interval(timing, t + 1));
}

}  // namespace

bool first_step_of_interval(const Timing& timing, Step t) {
  return t >= 2 && timing.update_interval.divides(t - 2);
}

bool learning_due(const Timing& timing, Step t) {
  return interval_due(timing, t, 1).k >= 0 || interval_due(timing, t, 2).k >= 0;
}

void prepare_updates(RankState& rank, Step t) {
  if (first_step_of_interval(rank.timing, t)) {
    for (auto& info : rank.projections) set_running_interval_rate(rank, info, t);
  }
  sort_due_spikes(rank, t);
}

void sort_due_spikes(RankState& rank, Step t) {
  const auto interval = interval_due(rank.timing, t, 1);
  if (interval.k < 0) return;
  for (std::uint32_t i = 0; i < rank.populations.size(); ++i) {
    auto& state = rank.populations[i];
    if (!state.learns_by_interval) continue;
    state.interval_spikes.sort(*state.history, interval.first, interval.last,
                               rank.network.populations()[i].size);
  }
}

void set_running_interval_rate(const RankState& rank, ProjectionInfo& info, Step t) {
  if (t >= 2) info.interval_eta[((t - 2) / rank.timing.update_interval.value()) % 2] = info.eta;
}

void update_due_synapses(RankState& rank, Worker& worker, Step t) {
  if (const auto late = interval_due(rank.timing, t, 2); late.k >= 0) {
    for (auto& part : worker.recurrent) update_recurrent(rank, worker, part, late, true, t);
    for (auto& part : worker.readouts) {
      if (part.block.family == Family::bsshslm_2020) update_readouts(rank, worker, part, late, t);
    }
  }
  if (const auto early = interval_due(rank.timing, t, 1); early.k >= 0) {
    for (auto& part : worker.recurrent) update_recurrent(rank, worker, part, early, false, t);
  }
}

void deliver_spikes(const RankState& rank, Worker& worker, Step t) {
  const auto deliver = [&](auto& part, bool recurrent) {
    for (const auto p : part.incoming) {
      const auto& info = rank.projections[p];
      // Plastic synapses onto recurrent neurons drop the spikes that arrive in the first step of an
      // interval.
      if (recurrent && info.plasticity == Family::bsshslm_2020 &&
          first_step_of_interval(rank.timing, t)) {
        continue;
      }
      const auto sources = arriving(rank, info, t);
      for (std::size_t i = 0; i < part.tiles.size(); ++i) {
        const auto& tile = worker.projections[p].tiles[i];
        double* input = part.block.input.data() + part.tiles[i].begin;
        synapses::transmit(tile, sources, input);
      }
    }
  };
  for (auto& part : worker.recurrent) deliver(part, true);
  for (auto& part : worker.readouts) deliver(part, false);
}

void advance_neurons(RankState& rank, Worker& worker, Step t) {
  for (auto& part : worker.recurrent) advance_recurrent(rank, part, t);
  for (auto& part : worker.readouts) advance_readouts(rank, part, t, worker.divergence);
  if (potentials_due(rank.timing, t)) note_potentials(worker, t);
}

}  // namespace eprop::engine
