#include "engine/advance.hpp"

#include <algorithm>

#include "core/finite.hpp"
#include "core/interval_offsets.hpp"
#include "state/verdict.hpp"
#include "synapses/transmit.hpp"

namespace eprop::engine {
namespace {

namespace offset = core::interval_offset;
using state::Quantity;
using state::RankState;
using state::ReadoutPart;
using state::RecurrentPart;
using state::Worker;

void advance_recurrent(const plan::Timing& timing, RecurrentPart& part, Step t) {
  auto& block = part.block;
  const bool by_interval = block.family == Family::bsshslm_2020;
  if (by_interval && timing.reset_neurons_on_update && timing.interval_begins(t)) {
    block.reset();
  }
  neurons::ArchiveRows rows;
  if (block.family != Family::none) rows.surrogate_gradient = part.surrogate_gradient.row(t);
  if (block.family == Family::plus) rows.regularization = part.transmission.regularization.row(t);
  block.update(block, t, rows);
  if (!part.archive.packed.empty()) part.archive.packed.put(t, rows.surrogate_gradient);
  if (by_interval && t >= offset::recurrent && timing.interval_begins(t + 1)) {
    plasticity::close_interval(block, timing.update_interval.value(), part.archive);
  }
}

void receive_rates(const RankState& rank, ReadoutPart& part) {
  const auto& plan = std::get<plan::Readouts>(rank.plan.populations[part.population].role);
  for (const auto& connection : plan.rates) {
    const auto& player = rank.rates[connection.generator.index];
    auto& into = connection.receptor == RateReceptor::target_signal ? part.target : part.window;
    for (std::size_t k = 0; k < into.size(); ++k) {
      into[k] = player.now(part.block.neurons.begin + k);
    }
  }
}

void advance_readouts(RankState& rank, ReadoutPart& part, Step t, state::Divergence& divergence) {
  const auto& timing = rank.plan.timing;
  const auto& T = timing.update_interval;
  auto& block = part.block;
  auto& readouts = rank.readouts(part.population);
  const bool softmax = !readouts.potentials.empty();
  const bool by_interval = block.family == Family::bsshslm_2020;
  if (by_interval && timing.reset_neurons_on_update && t >= offset::readouts &&
      T.divides(t - offset::readouts)) {
    block.reset();
  }
  receive_rates(rank, part);
  neurons::ReadoutInputs inputs{
      .target = part.target.data(),
      .window = part.window.data(),
      .learning = t >= offset::signals &&
                  (t - offset::signals) % T.value() >= T.value() - timing.learning_window,
      .potentials = {}};
  if (softmax && t > 0) {
    inputs.potentials = {readouts.potentials.row(t - 1), readouts.potentials.columns()};
  }
  block.update(inputs);
  const auto first = block.neurons.begin;
  std::copy(block.error.begin(), block.error.end(), readouts.errors.row(t) + first);
  if (softmax) {
    std::copy(block.potential.begin(), block.potential.end(), readouts.potentials.row(t) + first);
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
bool potentials_due(const plan::Timing& timing, Step t) {
  constexpr Step look_interval = 32;
  if (t % look_interval == look_interval - 1) return true;
  return timing.reset_neurons_on_update &&
         (timing.interval_begins(t) || timing.interval_begins(t + 1));
}

}  // namespace

void deliver_spikes(const RankState& rank, Worker& worker, Step t) {
  const auto& plan = rank.plan;
  const bool interval_begins = plan.timing.interval_begins(t);
  const auto deliver = [&](auto& part) {
    for (const auto p : plan.populations[part.population].incoming) {
      const auto& projection = plan.projections[p];
      if (interval_begins && projection.drops_first_arrivals()) continue;
      const auto sources = rank.spikes(projection.source).history.at(t - projection.delay);
      for (std::size_t i = 0; i < part.tiles.size(); ++i) {
        synapses::transmit(worker.projections[p].tiles[i], sources,
                           part.block.input.data() + part.tiles[i].begin);
      }
    }
  };
  for (auto& part : worker.recurrent) deliver(part);
  for (auto& part : worker.readouts) deliver(part);
}

void advance_neurons(RankState& rank, Worker& worker, Step t) {
  for (auto& part : worker.recurrent) advance_recurrent(rank.plan.timing, part, t);
  for (auto& part : worker.readouts) advance_readouts(rank, part, t, worker.divergence);
  if (potentials_due(rank.plan.timing, t)) state::note_potentials(worker, t);
}

}  // namespace eprop::engine
