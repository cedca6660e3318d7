#include "learning/interval_updates.hpp"

#include <algorithm>

#include "core/interval_offsets.hpp"
namespace eprop::learning {
namespace {

using plasticity::Interval;
using state::Quantity;
using state::RankState;
using state::ReadoutPart;
using state::RecurrentPart;
using state::Worker;

namespace offset = core::interval_offset;

/// Interval k whose update is due in step t = (k+1)T + `after`; k < 0 if there is none.
Interval interval_due(const plan::Timing& timing, Step t, Step after) {
  const auto& T = timing.update_interval;
  const Step ended = t - after;
  if (ended < T.value() || !T.divides(ended)) return {-1, 0, 0};
  return plasticity::interval(ended / T.value() - 1, T.value());
}

plasticity::IntervalUpdate update_of(const RankState& rank, std::uint32_t p,
                                     const Interval& interval) {
  const auto& projection = rank.plan.projections[p];
  const auto T = static_cast<std::uint32_t>(rank.plan.timing.update_interval.value());
  // Arrivals at recurrent neurons count in the steps after the interval's first; at readouts, whose
  // interval lies one step later, likewise.
  const std::uint32_t skip = projection.onto_readouts ? 1 : 0;
  return {.optimizer = *projection.optimizer,
          .eta = rank.learning_rates[p].of_interval[static_cast<std::size_t>(interval.k % 2)],
          .scale = projection.gradient_scale,
          .interval = interval.k,
          .spikes = rank.spikes(projection.source).of_interval,
          .first_counted = skip,
          .last_counted = T - 1 + skip};
}

/// The update of a thread's synapses with what they learn from an interval, before step t.
struct Update {
  const RankState& rank;
  Worker& worker;
  const Interval interval;
  Step t;

  /// Sources that transmit in the first step after the interval, and have spiked one step before.
  [[nodiscard]] std::span<const std::uint32_t> early_sources(std::uint32_t projection) const {
    return rank.spikes(rank.plan.projections[projection].source).history.at(interval.last);
  }

  /// The synapses of one tile with the worker's coefficients: of all sources but (or, if `only`, of
  /// no other than) `sources`.
  void update_tile(std::uint32_t projection, std::size_t i, std::span<const std::uint32_t> sources,
                   bool only) const {
    auto& part = worker.projections[projection];
    auto& tile = part.tiles[i];
    auto update = update_of(rank, projection, interval);
    const bool keeps = worker.gradients != nullptr;
    if (keeps) update.kept = worker.gradients + part.first_gradient[i];
    plasticity::update_tile(tile, update, sources, only, worker.scratch);
    if ((keeps ? worker.scratch.not_finite : tile.not_finite) != 0) {
      worker.divergence.note({t, Quantity::weight, projection});
    }
  }

  /// Synapses onto recurrent neurons: before the last learning signal is known those of the early
  /// sources, after it (`complete`) all others.
  void update_recurrent(const RecurrentPart& part, bool complete) const {
    const auto& neurons = std::get<plan::Neurons>(rank.plan.populations[part.population].role);
    for (const auto& pass : neurons.passes) {
      const bool any = complete || std::ranges::any_of(pass.projections, [&](std::uint32_t p) {
                         return !early_sources(p).empty();
                       });
      if (!any) continue;
      for (std::size_t i = 0; i < part.tiles.size(); ++i) {
        plasticity::recurrent_coefficients(part.block, part.archive, part.surrogate_gradient,
                                           part.signals, part.tiles[i], interval, pass.kappa,
                                           complete, worker.scratch);
        for (const auto p : pass.projections) update_tile(p, i, early_sources(p), !complete);
      }
    }
  }

  void update_readouts(const ReadoutPart& part) const {
    const auto& errors = rank.readouts(part.population).errors;
    for (std::size_t i = 0; i < part.tiles.size(); ++i) {
      plasticity::readout_coefficients(part.block, errors, part.tiles[i], interval, worker.scratch);
      for (const auto p : rank.plan.populations[part.population].incoming) {
        if (rank.plan.projections[p].family == Family::bsshslm_2020) update_tile(p, i, {}, false);
      }
    }
  }
};

}  // namespace

Due learning_due(const plan::Timing& timing, Step t) {
  if (interval_due(timing, t, offset::update).k >= 0) return Due::others;
  return interval_due(timing, t, offset::early_update).k >= 0 ? Due::early : Due::none;
}

void prepare_updates(RankState& rank, Step t) {
  if (rank.plan.timing.interval_begins(t)) {
    for (auto& rate : rank.learning_rates) set_running_interval_rate(rank.plan.timing, rate, t);
  }
  sort_due_spikes(rank, t);
}

void sort_due_spikes(RankState& rank, Step t) {
  const auto interval = interval_due(rank.plan.timing, t, offset::early_update);
  if (interval.k < 0) return;
  for (std::uint32_t i = 0; i < rank.populations.size(); ++i) {
    const auto& population = rank.plan.populations[i];
    if (!population.learns_by_interval) continue;
    auto& spikes = rank.spikes(i);
    spikes.of_interval.sort(spikes.history, interval.first, interval.last, population.size);
  }
}

void set_running_interval_rate(const plan::Timing& timing, state::LearningRate& rate, Step t) {
  if (t < offset::recurrent) return;
  const auto k = (t - offset::recurrent) / timing.update_interval.value();
  rate.of_interval[static_cast<std::size_t>(k % 2)] = rate.now;
}

void update_due_synapses(const RankState& rank, Worker& worker, Step t) {
  const auto& timing = rank.plan.timing;
  if (const Update late{rank, worker, interval_due(timing, t, offset::update), t};
      late.interval.k >= 0) {
    for (const auto& part : worker.recurrent) late.update_recurrent(part, true);
    for (const auto& part : worker.readouts) {
      if (part.block.family == Family::bsshslm_2020) late.update_readouts(part);
    }
  }
  if (const Update early{rank, worker, interval_due(timing, t, offset::early_update), t};
      early.interval.k >= 0) {
    for (const auto& part : worker.recurrent) early.update_recurrent(part, false);
  }
}

}  // namespace eprop::learning
