#include <utility>

#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "engine/simulation_impl.hpp"
#include "eprop/comm/collectives.hpp"
#include "network/check_devices.hpp"

namespace eprop {

using namespace engine;

namespace {

devices::TrainPlayer& player_of(state::RankState& rank, Population population,
                                const std::string& thing) {
  auto* inputs = std::get_if<state::InputState>(&rank.populations[population.index]);
  auto* player = inputs != nullptr ? std::get_if<devices::TrainPlayer>(&inputs->player) : nullptr;
  if (player == nullptr) {
    core::refuse(thing, "spikes", "appended", "", "is no SpikeTrains population");
  }
  return *player;
}

devices::LossTracker::Window loss_window(const LossOptions& options, double dt,
                                         const std::string& thing) {
  devices::LossTracker::Window window;
  window.offset = core::to_steps(options.offset, dt, thing, "offset");
  window.interval = core::to_steps(options.interval, dt, thing, "interval", 1);
  window.window =
      options.window ? core::to_steps(*options.window, dt, thing, "window", 1) : window.interval;
  if (window.window > window.interval) {
    core::refuse(thing, "window", *options.window, "ms",
                 fmt::format("must not exceed the interval, {} ms", options.interval));
  }
  return window;
}

}  // namespace

void Simulation::append_spikes(Population population,
                               const std::vector<std::vector<double>>& times) {
  const auto& spec = impl_->rank->plan.network.at(population);
  const auto thing = fmt::format("population '{}'", spec.name);
  auto& player = player_of(*impl_->rank, population, thing);
  if (times.size() != spec.size) {
    core::refuse(thing, "spike trains", times.size(), "",
                 fmt::format("must be one for each of the {} neurons", spec.size));
  }
  const bool round_times = std::get<SpikeTrains>(spec.what).round_times;
  network::check_trains(thing, times, round_times, impl_->rank->plan.timing.dt, impl_->now);
  player.add(times, impl_->rank->plan.timing.dt);
}

void Simulation::append_events(Population population, SpikeEvents events) {
  const auto& spec = impl_->rank->plan.network.at(population);
  const auto thing = fmt::format("population '{}'", spec.name);
  auto& player = player_of(*impl_->rank, population, thing);
  network::check_events(thing, events, spec.size, impl_->now);
  player.add(std::move(events));
}

void Simulation::append_rates(RateGenerator generator, const StepRates& rates) {
  const auto& spec = impl_->rank->plan.network.at(generator);
  const auto thing = fmt::format("rate generator '{}'", spec.name);
  const bool round_times = rates.round_times || spec.rates.round_times;
  network::check_rates(thing, rates, round_times, impl_->rank->plan.timing.dt, impl_->now);
  impl_->rank->rates[generator.index].add(rates, impl_->rank->plan.timing.dt, thing);
}

void Simulation::track_loss(Population readouts, const LossOptions& options) {
  impl_->require_all_ranks("track_loss");
  auto& rank = *impl_->rank;
  const auto& spec = rank.plan.network.at(readouts);
  const auto thing = fmt::format("loss of '{}'", spec.name);
  auto* state = std::get_if<state::ReadoutState>(&rank.populations[readouts.index]);
  if (state == nullptr) {
    core::refuse(thing, "population", spec.name, "", "must be a population of readouts");
  }
  if (state->losses) core::refuse(thing, "population", spec.name, "", "is tracked already");
  auto window = loss_window(options, rank.plan.timing.dt, thing);
  if (impl_->replicas) impl_->replicas->require_losses_of_samples(window, thing);
  window.offset = core::next_on_grid(window.offset, window.interval, impl_->now);
  state->losses = window;
  for (auto& worker : rank.workers) {
    for (auto& part : worker->readouts) {
      if (part.population == readouts.index) part.losses.emplace(window, part.block.size());
    }
  }
}

std::vector<IntervalLoss> Simulation::take_losses(Population readouts) {
  auto& rank = *impl_->rank;
  const auto& spec = rank.plan.network.at(readouts);
  const auto* state = std::get_if<state::ReadoutState>(&rank.populations[readouts.index]);
  if (state == nullptr || !state->losses) {
    core::refuse(fmt::format("loss of '{}'", spec.name), "population", spec.name, "",
                 "is not tracked");
  }
  using Sums = devices::LossTracker::Sums;
  std::vector<Sums> own;  // [readout][interval]
  for (auto& worker : rank.workers) {
    for (auto& part : worker->readouts) {
      if (part.population != readouts.index) continue;
      const auto n = part.block.size();
      const auto sums = part.losses->take();
      for (std::size_t k = 0; k < n; ++k) {
        for (std::size_t m = 0; m < sums.size() / n; ++m) own.push_back(sums[m * n + k]);
      }
    }
  }
  const auto all = comm::all_gather_all(impl_->comm, own);
  const auto counted = static_cast<double>(state->losses->window);
  std::vector<IntervalLoss> result(spec.size == 0 ? 0 : all.size() / spec.size);
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto& interval = result[i % result.size()];
    interval.squared_error.push_back(all[i].squared_error);
    interval.cross_entropy.push_back(all[i].cross_entropy);
    interval.readout.push_back(all[i].readout / counted);
    interval.target.push_back(all[i].target / counted);
  }
  return result;
}

}  // namespace eprop
