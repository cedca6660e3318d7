#include <omp.h>

#include <algorithm>

#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "engine/simulation_impl.hpp"
#include "engine/thread_team.hpp"
#include "eprop/comm/collectives.hpp"
#include "state/build.hpp"
#include "state/memory.hpp"
#include "state/verdict.hpp"

namespace eprop {

using namespace engine;

namespace {

std::unique_ptr<state::RankState> build(const Network& network, const Grouping& grouping) {
  return comm::agreed<InvalidParameter>(grouping.whole, "building the network",
                                        [&] { return state::build(network, grouping.layout()); });
}

}  // namespace

Simulation::Impl::Impl(const Network& network, comm::Communicator& all,
                       const SimulationOptions& options)
    : SimulationBase(network, all, options),
      Stepper(build(network, grouping), grouping.group(), first_failure),
      reports(*rank, comm) {
  recorder = &reports;
  thread_use = options.thread_use;
  if (options.replicas > 1) replicas.emplace(*this, grouping);
}

Simulation::Simulation(const Network& network, comm::Communicator& comm,
                       const SimulationOptions& options)
    : impl_(std::make_unique<Impl>(network, comm, options)) {}
Simulation::Simulation(const Network& network, comm::Communicator& comm, int threads)
    : Simulation(network, comm, SimulationOptions{.threads = threads}) {}
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&& other) noexcept {
  const Simulation ended(std::move(*this));
  impl_ = std::move(other.impl_);
  return *this;
}

Simulation::~Simulation() {
  if (!impl_ || std::uncaught_exceptions() > 0) return;
  if (impl_->reports.output().has_lost_values()) return;  // it has been thrown
  try {
    impl_->reports.close(impl_->now);
  } catch (const std::exception& error) {
    impl_->comm.report(error.what());
  }
}

void Simulation::Impl::require_all_ranks(std::string_view function) const {
  if (!comm.is_dry_run()) return;
  core::refuse("dry run", "ranks", comm.size(), "",
               fmt::format("{}() needs the other ranks, which are not there", function));
}

/// Runs the rank's threads, once it is known that OpenMP grants them all on every rank: in a
/// smaller team some would wait for the missing ones for ever.
void Simulation::Impl::run(Step steps) {
  const int threads = grouping.threads;
  if (!has_run) {
    warn_of_shared_processors(grouping.whole, threads);
    const bool shared = processors_are_short(grouping.whole, threads);
    barrier.share_processors(shared);
    if (replicas) replicas->share_processors(shared);
    has_run = true;
  }
  const Step end = now + steps;
  std::exception_ptr refusal;
  timer.start();
#pragma omp parallel num_threads(threads)
  {
    const int thread = omp_get_thread_num();
    if (thread == 0) {
      try {
        require_whole_team(grouping.whole, threads, omp_get_num_threads());
      } catch (...) {
        refusal = std::current_exception();
      }
    }
#pragma omp barrier
    if (!refusal) run_thread(end, static_cast<std::size_t>(thread));
  }
  timer.stop();
  if (refusal) std::rethrow_exception(refusal);
  if (replicas) replicas->agree();
  failure.rethrow();
  state::throw_if_diverged(*rank, comm, now);
}

void Simulation::Impl::run_thread(Step end, std::size_t thread) {
  if (!replicas) {
    loop(end, thread);
    return;
  }
  for (;;) {
    if (thread == 0) plan_segment(end);
    replicas->meet(thread);
    if (segment_ == Segment::none) return;
    if (segment_ == Segment::batch) {
      replicas->run_batch(thread);
    } else if (thread < rank->workers.size()) {
      loop(segment_end_, thread);
    }
    replicas->meet(thread);
  }
}

void Simulation::Impl::plan_segment(Step end) {
  if (failure.happened() || now >= end) {
    segment_ = Segment::none;
  } else if (replicas->batch_fits(end)) {
    segment_ = Segment::batch;
  } else {
    segment_ = Segment::steps;
    segment_end_ = std::min(end, replicas->next_batch());
  }
}

void Simulation::run(Step steps) {
  if (steps < 0) core::refuse("simulation", "steps", steps, "", "must be >= 0");
  if (steps > core::most_steps - impl_->now) {
    core::refuse("simulation", "steps", steps, "",
                 fmt::format("must not lead beyond step {}", core::most_steps));
  }
  for (auto& player : impl_->rank->rates) player.advance(impl_->now);
  impl_->run(steps);
}

void Simulation::run_for(double time) {
  run(core::to_steps(time, impl_->rank->plan.timing.dt, "simulation", "time"));
}

Step Simulation::step() const { return impl_->now; }

bool Simulation::has_spiked(Population population) {
  auto& impl = *impl_;
  const auto& spec = impl.rank->plan.network.at(population);
  if (!std::holds_alternative<state::NeuronState>(impl.rank->populations[population.index])) {
    core::refuse("simulation", "population", spec.name, "", "must be of neurons that spike");
  }
  const bool here = impl.has_spiked[population.index] != '\0' ||
                    (impl.replicas && impl.replicas->have_spiked(population.index));
  const auto all = comm::all_gather(impl.grouping.whole, here ? '\1' : '\0');
  return std::ranges::find(all, '\1') != all.end();
}

std::vector<std::pair<std::string, double>> Simulation::phase_seconds() const {
  return impl_->timer.seconds();
}

RankStatistics Simulation::statistics() const {
  const auto& traffic = impl_->traffic();
  auto bytes = state::memory_of(*impl_->rank);
  bytes.exchange = impl_->exchange_bytes();
  if (impl_->replicas) impl_->replicas->add_memory(bytes);
  return {.synapses = state::synapses_of(*impl_->rank),
          .bytes = bytes,
          .spikes = traffic.spikes,
          .messages_sent = traffic.messages,
          .bytes_sent = traffic.bytes,
          .steps = impl_->steps_done,
          .steps_of_one_thread = impl_->steps_of_one_thread,
          .phase_seconds = phase_seconds()};
}

Step Simulation::exchange_interval() const {
  return impl_->rank->plan.timing.exchange_interval.value();
}

}  // namespace eprop
