#include "state/build.hpp"

#include <algorithm>
#include <exception>

#include "state/build_worker.hpp"

namespace eprop::state {
namespace {

/// Steps of an exchange interval in which all neurons may spike before a buffer grows.
constexpr Step most_steps_reserved = 64;
/// Steps of the potentials that readouts with cross_entropy read from one another; they need those
/// of the last step while they write those of the next.
constexpr Step potentials_kept = 4;

devices::SpikePlayer player_of(const Network& network, std::uint32_t population) {
  const auto& spec = network.populations()[population];
  if (const auto* trains = std::get_if<SpikeTrains>(&spec.what)) {
    return devices::TrainPlayer(*trains, network.options().dt);
  }
  return devices::PoissonPlayer(std::get<PoissonSource>(spec.what), spec.size, population,
                                network.options());
}

/// The state of a population as its plan has it.
struct PopulationBuilder {
  const RankState& rank;
  std::uint32_t index;
  const plan::PopulationPlan& population;

  [[nodiscard]] SpikeState spikes() const {
    return {core::SpikeHistory(population.spikes_kept), {}};
  }

  PopulationState operator()(const plan::Inputs&) const {
    return InputState{spikes(), player_of(rank.plan.network, index)};
  }
  PopulationState operator()(const plan::Neurons&) const {
    NeuronState neurons{spikes(), {}};
    // Room for all neurons to spike in each step, so that steps allocate nothing.
    const auto steps = static_cast<std::size_t>(
        std::min(rank.plan.timing.exchange_interval.value(), most_steps_reserved));
    neurons.own.sources.reserve(rank.layout.of_this_rank(population.size).size() * steps);
    return neurons;
  }
  PopulationState operator()(const plan::Readouts& plan) const {
    ReadoutState readouts;
    readouts.errors = core::StepRing(plan.errors_kept, population.size);
    if (plan.softmax) readouts.potentials = core::StepRing(potentials_kept, population.size);
    return readouts;
  }
};

LearningRate initial_rate(const plan::ProjectionPlan& projection) {
  if (!projection.optimizer) return {};
  const double eta = projection.optimizer->eta;
  return {eta, {eta, eta}};
}

void build_workers(RankState& rank) {
  rank.workers.resize(static_cast<std::size_t>(rank.layout.threads));
  std::vector<std::exception_ptr> failures(rank.workers.size());
  // Each is built by the thread that will run it, near whose processor its memory then is. A team
  // that is smaller than asked for builds them all the same.
#pragma omp parallel for schedule(static, 1) num_threads(rank.layout.threads)
  for (int thread = 0; thread < rank.layout.threads; ++thread) {
    const auto w = static_cast<std::size_t>(thread);
    try {
      rank.workers[w] = build_worker(rank, thread);
    } catch (...) {
      failures[w] = std::current_exception();
    }
  }
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

/// Sources of a population that have targets on this rank, ascending.
std::vector<std::uint32_t> needed_sources(const RankState& rank, std::uint32_t population) {
  std::vector<bool> needed(rank.plan.populations[population].size, false);
  for (const auto& worker : rank.workers) mark_needed_sources(rank, *worker, population, needed);
  std::vector<std::uint32_t> sources;
  for (std::uint32_t s = 0; s < needed.size(); ++s) {
    if (needed[s]) sources.push_back(s);
  }
  return sources;
}

/// Which ranks have neurons of a population.
std::vector<bool> ranks_with(const RankState& rank, std::uint32_t population) {
  const auto size = rank.plan.populations[population].size;
  std::vector<bool> ranks;
  for (int r = 0; r < rank.layout.ranks; ++r) {
    ranks.push_back(rank.layout.of_rank(size, r).size() > 0);
  }
  return ranks;
}

/// Which ranks have neurons that learn from the errors of these readouts.
std::vector<bool> readers_of_errors(const RankState& rank, std::uint32_t readouts) {
  std::vector<bool> readers(static_cast<std::size_t>(rank.layout.ranks), false);
  for (const auto& signal : rank.plan.signals) {
    if (signal.readout != readouts) continue;
    const auto targets = ranks_with(rank, signal.target);
    std::transform(readers.begin(), readers.end(), targets.begin(), readers.begin(),
                   std::logical_or<>());
  }
  return readers;
}

/// All but the workers.
std::unique_ptr<RankState> build_populations(std::shared_ptr<const plan::Plan> shared_plan,
                                             const core::Layout& layout) {
  auto rank = std::make_unique<RankState>(std::move(shared_plan), layout);
  const auto& plan = rank->plan;
  for (std::uint32_t i = 0; i < plan.populations.size(); ++i) {
    const auto& population = plan.populations[i];
    rank->populations.push_back(
        std::visit(PopulationBuilder{*rank, i, population}, population.role));
  }
  for (const auto& projection : plan.projections) {
    rank->learning_rates.push_back(initial_rate(projection));
  }
  for (const auto& spec : plan.network.rate_generators()) {
    rank->rates.emplace_back(spec.rates, plan.timing.dt);
  }
  rank->divergences.resize(static_cast<std::size_t>(layout.ranks));
  return rank;
}

}  // namespace

std::unique_ptr<RankState> build(const Network& network, const core::Layout& layout) {
  auto rank =
      build_populations(std::make_shared<const plan::Plan>(plan::make_plan(network)), layout);
  build_workers(*rank);
  return rank;
}

std::unique_ptr<RankState> build_replica(const RankState& rank) {
  auto replica = build_populations(rank.shared_plan, rank.layout);
  replica->workers.push_back(build_worker(*replica, 0, rank.workers.front()->synapses));
  return replica;
}

exchange::IntervalExchange make_exchange(RankState& rank, comm::Communicator& comm) {
  std::vector<exchange::SpikeChannel> spikes;
  std::vector<exchange::SignalChannel> signals;
  for (std::uint32_t i = 0; i < rank.populations.size(); ++i) {
    const auto size = rank.plan.populations[i].size;
    if (auto* neurons = std::get_if<NeuronState>(&rank.populations[i])) {
      spikes.push_back({size, needed_sources(rank, i), &neurons->history, &neurons->own});
    }
    if (auto* readouts = std::get_if<ReadoutState>(&rank.populations[i])) {
      signals.push_back({size, readers_of_errors(rank, i), &readouts->errors});
      if (!readouts->potentials.empty()) {
        signals.push_back({size, ranks_with(rank, i), &readouts->potentials});
      }
    }
  }
  return {comm, rank.layout, std::move(spikes), std::move(signals)};
}

}  // namespace eprop::state
