#include "engine/rank_state.hpp"

#include <algorithm>
#include <cmath>
#include <exception>

#include "core/steps.hpp"
#include "engine/build_worker.hpp"
#include "engine/transmission_modes.hpp"
#include "network/model_traits.hpp"

namespace eprop::engine {
namespace {

/// Steps of an exchange interval in which all neurons may spike before a buffer grows.
constexpr Step most_steps_reserved = 64;

Timing timing_of(const Network& network) {
  const auto& o = network.options();
  Timing timing;
  timing.dt = o.dt;
  timing.update_interval =
      core::to_steps(o.update_interval.value(), o.dt, "network", "update_interval");
  timing.learning_window =
      core::to_steps(o.learning_window.value(), o.dt, "network", "learning_window");
  timing.reset_neurons_on_update = o.reset_neurons_on_update;
  return timing;
}

const NeuronModel* model_of(const Network::PopulationSpec& spec) {
  return std::get_if<NeuronModel>(&spec.what);
}

bool is_softmax(const NeuronModel& model) {
  const auto* readout = std::get_if<EpropReadoutBsshslm2020>(&model);
  return readout != nullptr && readout->loss == Loss::cross_entropy;
}

/// The shortest time that anything needs from neuron to neuron.
Step minimum_delay(const Network& network, const std::vector<ProjectionInfo>& projections) {
  constexpr Step longest = 1000;
  Step delay = longest;
  for (const auto& p : projections) delay = std::min(delay, p.delay);
  for (const auto& s : network.learning_signals()) {
    delay =
        std::min(delay, core::to_steps(s.delay, network.options().dt, "learning signal", "delay"));
  }
  for (const auto& spec : network.populations()) {
    if (model_of(spec) != nullptr && is_softmax(*model_of(spec))) delay = 1;
  }
  return delay == longest ? 1 : delay;
}

ProjectionInfo info_of(const Network& network, const Network::ProjectionSpec& spec,
                       const Timing& timing) {
  ProjectionInfo info;
  info.source = spec.source.index;
  info.target = spec.target.index;
  info.n_sources = network.populations()[info.source].size;
  info.onto_readouts = network::is_readout(*model_of(network.populations()[info.target]));
  const auto steps = [&](double delay) {
    return core::to_steps(delay, timing.dt, spec.name, "delay");
  };
  if (const auto* s = std::get_if<StaticSynapse>(&spec.synapse)) {
    info.delay = steps(s->delay.value());
  }
  if (const auto* s = std::get_if<EpropSynapseBsshslm2020>(&spec.synapse)) {
    info.plasticity = Family::bsshslm_2020;
    info.optimizer.emplace(s->optimizer);
    info.kappa = std::exp(-timing.dt / s->tau_m_readout);
    if (s->average_gradient) {
      info.gradient_scale = 1.0 / static_cast<double>(timing.learning_window);
    }
  }
  if (const auto* s = std::get_if<EpropSynapse>(&spec.synapse)) {
    info.plasticity = Family::plus;
    info.delay = steps(s->delay.value());
    info.optimizer.emplace(s->optimizer);
    info.optimize_each_step = s->optimize_each_step;
  }
  if (info.optimizer) {
    info.eta = info.optimizer->eta;
    info.interval_eta[0] = info.interval_eta[1] = info.eta;
  }
  return info;
}

}  // namespace

RankState::RankState(const Network& description, const core::Layout& where)
    : network(description), layout(where), timing(timing_of(network)) {
  for (const auto& spec : network.projections()) {
    projections.push_back(info_of(network, spec, timing));
  }
  timing.exchange_interval = minimum_delay(network, projections);
  build_populations();
  for (const auto& spec : network.rate_generators()) rates.emplace_back(spec.rates, timing.dt);

  divergences.resize(static_cast<std::size_t>(layout.ranks));
  workers.resize(static_cast<std::size_t>(layout.threads));
  std::vector<std::exception_ptr> failures(workers.size());
  // Each is built by the thread that will run it, near whose processor its memory then is. A team
  // that is smaller than asked for builds them all the same.
#pragma omp parallel for schedule(static, 1) num_threads(layout.threads)
  for (int thread = 0; thread < layout.threads; ++thread) {
    const auto w = static_cast<std::size_t>(thread);
    try {
      workers[w] = build_worker(*this, thread);
    } catch (...) {
      failures[w] = std::current_exception();
    }
  }
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

void RankState::build_populations() {
  Step longest_delay = 1;
  for (const auto& p : projections) longest_delay = std::max(longest_delay, p.delay);
  populations.resize(network.populations().size());
  for (const auto& p : projections) {
    if (p.plasticity == Family::bsshslm_2020) {
      populations[p.source].learns_by_interval = true;
    }
  }
  for (std::uint32_t i = 0; i < populations.size(); ++i) {
    const auto& spec = network.populations()[i];
    auto& state = populations[i];
    const auto* model = model_of(spec);
    if (model != nullptr && network::family(*model) == Family::plus) {
      state.transmission = transmission_mode(*this, i);
    }
    if (model != nullptr && network::is_readout(*model)) {
      const Step rows =
          network::family(*model) == Family::bsshslm_2020
              ? timing.update_interval.value() + 4
              : plasticity::archive_steps(state.transmission) + state.transmission.lag + 2;
      state.errors = core::StepRing(rows, spec.size);
      if (is_softmax(*model)) state.potentials = core::StepRing(4, spec.size);
      continue;
    }
    const Step kept = state.learns_by_interval ? timing.update_interval.value() + 3 : 0;
    state.history = std::make_unique<core::SpikeHistory>(
        std::max(kept, longest_delay + timing.exchange_interval.value()) + 1);
    if (const auto* trains = std::get_if<SpikeTrains>(&spec.what)) {
      state.player.emplace(devices::TrainPlayer(*trains, timing.dt));
    } else if (const auto* poisson = std::get_if<PoissonSource>(&spec.what)) {
      state.player.emplace(devices::PoissonPlayer(*poisson, spec.size, i, network.options()));
    } else {
      // Room for all neurons to spike in each step, so that steps allocate nothing.
      const auto steps =
          static_cast<std::size_t>(std::min(timing.exchange_interval.value(), most_steps_reserved));
      state.own.sources.reserve(layout.of_this_rank(spec.size).size() * steps);
    }
  }
}

exchange::IntervalExchange RankState::make_exchange(comm::Communicator& comm) {
  std::vector<exchange::SpikeChannel> spikes;
  std::vector<exchange::SignalChannel> signals;
  for (std::uint32_t i = 0; i < populations.size(); ++i) {
    auto& state = populations[i];
    const auto size = network.populations()[i].size;
    if (state.history && !state.player) {
      std::vector<bool> needed(size, false);
      for (const auto& worker : workers) mark_needed_sources(*this, *worker, i, needed);
      exchange::SpikeChannel channel{size, {}, state.history.get(), &state.own};
      for (std::uint32_t s = 0; s < size; ++s) {
        if (needed[s]) channel.needed.push_back(s);
      }
      spikes.push_back(std::move(channel));
    }
    if (!state.errors.empty()) {
      std::vector<bool> readers(static_cast<std::size_t>(layout.ranks), false);
      for (int r = 0; r < layout.ranks; ++r) {
        for (const auto& signal : network.learning_signals()) {
          if (signal.readout.index != i) continue;
          const auto n = network.populations()[signal.target.index].size;
          if (layout.of_rank(n, r).size() > 0) readers[static_cast<std::size_t>(r)] = true;
        }
      }
      signals.push_back({size, readers, &state.errors});
    }
    if (!state.potentials.empty()) {
      std::vector<bool> readers;
      for (int r = 0; r < layout.ranks; ++r) {
        readers.push_back(layout.of_rank(size, r).size() > 0);
      }
      signals.push_back({size, readers, &state.potentials});
    }
  }
  return {comm, layout, std::move(spikes), std::move(signals)};
}

}  // namespace eprop::engine
