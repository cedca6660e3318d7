#include <fmt/format.h>

#include "engine/state.hpp"
#include "network/model_traits.hpp"

namespace eprop::engine {
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

std::string describe(const SynapseModel& synapse) {
  const auto optimizer = [](const Optimizer& o) {
    const auto& common = std::visit([](const auto& x) -> const GradientDescent& { return x; }, o);
    return fmt::format("{} in batches of {}",
                       std::holds_alternative<Adam>(o) ? "adam" : "gradient descent",
                       common.batch_size);
  };
  if (const auto* s = std::get_if<StaticSynapse>(&synapse)) {
    return fmt::format("static, delay {} ms", s->delay);
  }
  if (const auto* s = std::get_if<EpropSynapseBsshslm2020>(&synapse)) {
    return fmt::format("eprop_synapse_bsshslm_2020, {}", optimizer(s->optimizer));
  }
  const auto& s = std::get<EpropSynapse>(synapse);
  return fmt::format("eprop_synapse, delay {} ms, {}{}", s.delay, optimizer(s.optimizer),
                     s.optimize_each_step ? ", each step" : "");
}

std::string_view kind_of(const Network::PopulationSpec& spec) {
  if (std::holds_alternative<SpikeTrains>(spec.what)) return "spike trains";
  if (std::holds_alternative<PoissonSource>(spec.what)) return "poisson sources";
  return network::name(std::get<NeuronModel>(spec.what));
}

}  // namespace

void transfer_inputs(StateTransfer& transfer, RankState& rank) {
  for (std::uint32_t i = 0; i < rank.populations.size(); ++i) {
    auto& player = rank.populations[i].player;
    auto* trains = player ? std::get_if<devices::TrainPlayer>(&*player) : nullptr;
    if (trains == nullptr) continue;
    transfer_trains(transfer, *trains,
                    fmt::format("population/{}/trains", rank.network.populations()[i].name));
  }
  for (std::size_t i = 0; i < rank.rates.size(); ++i) {
    transfer_rates(transfer, rank.rates[i],
                   fmt::format("rates/{}/", rank.network.rate_generators()[i].name));
  }
}

std::vector<std::string> describe(const Network& network,
                                  const std::vector<std::uint64_t>& synapses) {
  const auto& o = network.options();
  std::vector<std::string> lines{fmt::format(
      "network: dt {} ms, seed {}, update interval {} ms, learning window {} ms{}", o.dt, o.seed,
      o.update_interval, o.learning_window, o.reset_neurons_on_update ? ", reset on update" : "")};
  for (const auto& spec : network.populations()) {
    lines.push_back(fmt::format("population '{}': {} {}", spec.name, spec.size, kind_of(spec)));
  }
  for (std::size_t p = 0; p < synapses.size(); ++p) {
    const auto& spec = network.projections()[p];
    lines.push_back(fmt::format("projection '{}': from '{}' to '{}', {} synapses, {}", spec.name,
                                network.populations()[spec.source.index].name,
                                network.populations()[spec.target.index].name, synapses[p],
                                describe(spec.synapse)));
  }
  for (const auto& spec : network.learning_signals()) {
    lines.push_back(fmt::format("learning signal '{}': delay {} ms", spec.name, spec.delay));
  }
  for (const auto& spec : network.rate_generators()) {
    lines.push_back(
        fmt::format("rate generator '{}': {} outputs", spec.name, spec.rates.amplitudes.size()));
  }
  return lines;
}

}  // namespace eprop::engine
