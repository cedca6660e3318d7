#include <fmt/format.h>

#include <span>

#include "core/steps.hpp"
#include "transfer/transfer.hpp"

namespace eprop::transfer {
namespace {

using checkpoint::StateTransfer;

void transfer_trains(StateTransfer& transfer, devices::TrainPlayer& player, std::uint32_t size,
                     const std::string& name) {
  std::vector<std::int64_t> events;  // step and neuron of each
  const auto [steps, neurons] = player.pending();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    events.push_back(steps[i]);
    events.push_back(neurons[i]);
  }
  transfer.common(name, events);
  if (transfer.saves()) return;
  checkpoint::require_size(name, events.size(), events.size() / 2 * 2);
  SpikeEvents pending;
  for (std::size_t i = 0; i < events.size(); i += 2) {
    const std::span<const std::int64_t> event(&events[i], 2);
    checkpoint::require_limits(name, event.first(1), {0, core::most_steps});
    checkpoint::require_limits(name, event.last(1), {0, std::int64_t{size} - 1});
    pending.steps.push_back(event[0]);
    pending.neurons.push_back(static_cast<std::uint32_t>(event[1]));
  }
  player.set_pending(std::move(pending));
}

/// What StepRatePlayer::add() sees to.
void require_rates(const devices::StepRatePlayer::State& state, std::span<const std::int64_t> last,
                   std::size_t generators, const std::string& name) {
  checkpoint::require_size(name + "now", state.now.size(), generators);
  checkpoint::require_size(name + "amplitudes", state.amplitudes.size(),
                           state.steps.size() * generators);
  checkpoint::require_size(name + "last", last.size(), 1);
  checkpoint::require_ascending(name + "steps", state.steps);
  checkpoint::require_limits(name + "last", last,
                             {state.steps.empty() ? -1 : state.steps.back(), core::most_steps});
}

void transfer_rates(StateTransfer& transfer, devices::StepRatePlayer& player,
                    const std::string& name) {
  auto state = player.state();
  const auto generators = state.now.size();
  std::vector<std::int64_t> last{state.last};
  transfer.common(name + "steps", state.steps);
  transfer.common(name + "amplitudes", state.amplitudes);
  transfer.common(name + "last", last);
  transfer.common(name + "now", state.now);
  if (transfer.saves()) return;
  require_rates(state, last, generators, name);
  state.last = last[0];
  player.set_state(std::move(state));
}

}  // namespace

void transfer_inputs(StateTransfer& transfer, state::RankState& rank) {
  for (std::uint32_t i = 0; i < rank.populations.size(); ++i) {
    auto* inputs = std::get_if<state::InputState>(&rank.populations[i]);
    auto* trains = inputs ? std::get_if<devices::TrainPlayer>(&inputs->player) : nullptr;
    if (trains == nullptr) continue;
    const auto& spec = rank.plan.network.populations()[i];
    transfer_trains(transfer, *trains, spec.size, fmt::format("population/{}/trains", spec.name));
  }
  for (std::size_t i = 0; i < rank.rates.size(); ++i) {
    transfer_rates(transfer, rank.rates[i],
                   fmt::format("rates/{}/", rank.plan.network.rate_generators()[i].name));
  }
}

}  // namespace eprop::transfer
