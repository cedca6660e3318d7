#include "comm/collectives.hpp"
#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "engine/simulation_impl.hpp"
#include "network/check_devices.hpp"

namespace eprop {

using namespace engine;

void Simulation::append_spikes(Population population,
                               const std::vector<std::vector<double>>& times) {
  const auto& spec = impl_->rank->network.populations().at(population.index);
  const auto thing = fmt::format("population '{}'", spec.name);
  auto& state = impl_->rank->populations[population.index];
  auto* player = state.player ? std::get_if<devices::TrainPlayer>(&*state.player) : nullptr;
  if (player == nullptr)
    core::refuse(thing, "spikes", "appended", "", "is no SpikeTrains population");
  if (times.size() != spec.size) {
    core::refuse(thing, "spike trains", times.size(), "",
                 fmt::format("must be one for each of the {} neurons", spec.size));
  }
  network::check_trains(thing, times, impl_->rank->timing.dt, impl_->now);
  player->add(times, impl_->rank->timing.dt, impl_->now);
}

void Simulation::append_rates(RateGenerator generator, const StepRates& rates) {
  const auto& spec = impl_->rank->network.rate_generators().at(generator.index);
  const auto thing = fmt::format("rate generator '{}'", spec.name);
  network::check_rates(thing, rates, impl_->rank->timing.dt);
  impl_->rank->rates[generator.index].add(rates, impl_->rank->timing.dt, thing);
}

void Simulation::track_loss(Population readouts, const LossOptions& options) {
  auto& rank = *impl_->rank;
  const auto& spec = rank.network.populations().at(readouts.index);
  const auto thing = fmt::format("loss of '{}'", spec.name);
  const double dt = rank.timing.dt;
  devices::LossTracker::Window window;
  window.offset = core::to_steps(options.offset, dt, thing, "offset");
  window.interval = core::to_steps(options.interval, dt, thing, "interval", 1);
  window.window = core::to_steps(options.window, dt, thing, "window");
  if (window.window == 0) window.window = window.interval;
  if (window.window > window.interval) {
    core::refuse(thing, "window", options.window, "ms",
                 fmt::format("must not exceed the interval, {} ms", options.interval));
  }
  if (rank.populations[readouts.index].history) {
    core::refuse(thing, "population", spec.name, "", "must be a population of readouts");
  }
  for (auto& worker : rank.workers) {
    for (auto& part : worker->readouts) {
      if (part.population == readouts.index) part.losses.emplace(window, part.block.size());
    }
  }
}

std::vector<IntervalLoss> Simulation::take_losses(Population readouts) {
  auto& rank = *impl_->rank;
  const auto& spec = rank.network.populations().at(readouts.index);
  using Sums = devices::LossTracker::Sums;
  std::vector<Sums> own;  // [readout][interval]
  double counted = 1.0;
  for (auto& worker : rank.workers) {
    for (auto& part : worker->readouts) {
      if (part.population != readouts.index || !part.losses) continue;
      const auto n = part.block.size();
      const auto sums = part.losses->take();
      for (std::size_t k = 0; k < n; ++k) {
        for (std::size_t m = 0; m < sums.size() / n; ++m) own.push_back(sums[m * n + k]);
      }
      counted = static_cast<double>(part.losses->window().window);
    }
  }
  for (const double n : comm::all_gather(impl_->comm, counted)) counted = std::max(counted, n);
  const auto all = comm::all_gather_all(impl_->comm, own);
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
