#include <fmt/format.h>

#include "transfer/transfer.hpp"

namespace eprop::transfer {
namespace {

using checkpoint::StateTransfer;

void transfer_trains(StateTransfer& transfer, devices::TrainPlayer& player,
                     const std::string& name) {
  std::vector<std::int64_t> events;  // step and source of each
  for (const auto& event : player.pending()) {
    events.push_back(event.step);
    events.push_back(event.source);
  }
  transfer.common(name, events);
  if (transfer.saves()) return;
  std::vector<devices::TrainPlayer::Event> pending;
  for (std::size_t i = 0; i + 1 < events.size(); i += 2) {
    pending.push_back({events[i], static_cast<std::uint32_t>(events[i + 1])});
  }
  player.set_pending(std::move(pending));
}

void transfer_rates(StateTransfer& transfer, devices::StepRatePlayer& player,
                    const std::string& name) {
  auto state = player.state();
  std::vector<std::int64_t> last{state.last};
  transfer.common(name + "steps", state.steps);
  transfer.common(name + "amplitudes", state.amplitudes);
  transfer.common(name + "last", last);
  transfer.common(name + "now", state.now);
  if (transfer.saves()) return;
  state.last = last.at(0);
  player.set_state(std::move(state));
}

}  // namespace

void transfer_inputs(StateTransfer& transfer, state::RankState& rank) {
  for (std::uint32_t i = 0; i < rank.populations.size(); ++i) {
    auto* inputs = std::get_if<state::InputState>(&rank.populations[i]);
    auto* trains = inputs ? std::get_if<devices::TrainPlayer>(&inputs->player) : nullptr;
    if (trains == nullptr) continue;
    transfer_trains(transfer, *trains,
                    fmt::format("population/{}/trains", rank.plan.network.populations()[i].name));
  }
  for (std::size_t i = 0; i < rank.rates.size(); ++i) {
    transfer_rates(transfer, rank.rates[i],
                   fmt::format("rates/{}/", rank.plan.network.rate_generators()[i].name));
  }
}

}  // namespace eprop::transfer
