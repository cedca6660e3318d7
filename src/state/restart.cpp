#include "state/restart.hpp"

#include <algorithm>

#include "core/interval_offsets.hpp"

namespace eprop::state {
namespace {

namespace offset = core::interval_offset;

void restart(InputState& inputs, Step first) {
  // Those of the last step before are under way.
  inputs.history.restart(first - 1);
  if (auto* trains = std::get_if<devices::TrainPlayer>(&inputs.player)) trains->skip_to(first - 1);
  std::visit([&](auto& player) { player.emit(first - 1, inputs.history); }, inputs.player);
  inputs.history.end_step();
}

void restart(NeuronState& neurons, Step first) {
  neurons.history.restart(first);
  neurons.own.clear();
}

void restart(ReadoutState& /*readouts*/, Step /*first*/) {}

}  // namespace

void follow(RankState& replica, const RankState& rank) {
  for (std::size_t i = 0; i < rank.populations.size(); ++i) {
    if (const auto* from = std::get_if<InputState>(&rank.populations[i])) {
      auto& to = std::get<InputState>(replica.populations[i]);
      if (std::holds_alternative<devices::TrainPlayer>(from->player)) to.player = from->player;
    }
  }
  replica.rates = rank.rates;
  replica.learning_rates = rank.learning_rates;
  auto& from = rank.workers.front()->readouts;
  auto& to = replica.workers.front()->readouts;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i].losses) to[i].losses.emplace(from[i].losses->window(), from[i].block.size());
  }
}

void restart(RankState& rank, Step first) {
  for (auto& population : rank.populations) {
    std::visit([&](auto& state) { restart(state, first); }, population);
  }
  for (auto& player : rank.rates) player.advance(first);
  for (auto& worker : rank.workers) {
    // What else there is of a neuron is reset when its interval begins.
    for (auto& part : worker->recurrent) {
      part.block.current = part.block.I_e;
      std::fill(part.block.n_spikes.begin(), part.block.n_spikes.end(), 0.0);
    }
    for (auto& part : worker->readouts) {
      part.block.current = part.block.I_e;
      if (part.losses) part.losses->restart(first - offset::recurrent + offset::signals);
    }
  }
}

}  // namespace eprop::state
