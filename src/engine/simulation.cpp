#include <omp.h>

#include "core/flush_denormals.hpp"
#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "engine/advance.hpp"
#include "engine/simulation_impl.hpp"
#include "engine/thread_team.hpp"
#include "eprop/comm/agreement.hpp"
#include "eprop/comm/collectives.hpp"
#include "eprop/errors.hpp"
#include "learning/interval_updates.hpp"
#include "learning/transmissions.hpp"
#include "state/build.hpp"
#include "state/verdict.hpp"

namespace eprop {

using namespace engine;

namespace {

core::Layout layout_of(comm::Communicator& comm, int threads) {
  constexpr int most_threads = 1024;
  if (threads < 1 || threads > most_threads) {
    core::refuse("simulation", "threads", threads, "",
                 fmt::format("must be >= 1 and at most {}", most_threads));
  }
  for (const int other : comm::all_gather(comm, threads)) {
    if (other != threads) {
      core::refuse("simulation", "threads", other, "", "must be the same on all ranks");
    }
  }
  return {comm.size(), threads, comm.rank()};
}

}  // namespace

Simulation::Impl::Impl(const Network& network, comm::Communicator& communicator, int threads)
    : comm(communicator),
      rank(comm::agreed<InvalidParameter>(comm, "building the network",
                                          [&, layout = layout_of(communicator, threads)] {
                                            return state::build(network, layout);
                                          })),
      exchange(state::make_exchange(*rank, comm)),
      reports(*rank, comm),
      barrier(threads) {}

/// Runs f unless a thread has failed; the first exception is kept for run() to throw when all
/// threads have stopped.
template <class F>
void Simulation::Impl::guarded(F&& f) noexcept {
  if (failed.load(std::memory_order_relaxed)) return;
  try {
    f();
  } catch (...) {
    if (!failed.exchange(true)) failure = std::current_exception();
  }
}

/// The steps of the simulation. In each, between two barriers of the rank's threads,
///
///   - every thread takes in learning signals, updates the synapses that are due, delivers spikes,
///     advances its neurons and their archives, and samples what is recorded of them;
///   - the first then makes the spikes of generators, collects those of neurons, and records; at
///     the end of a minimum-delay interval it exchanges what was collected.
///
/// What arrives in a step was exchanged in a step before; nothing a thread writes in its part is
/// read by another in it.
void Simulation::Impl::loop(Step steps, std::size_t thread) {
  const core::FlushDenormals flush;
  for (Step i = 0; i < steps; ++i) {
    if (thread == 0) timer.begin_step(now, learning::learning_due(rank->plan.timing, now));
    guarded([&] { advance(thread); });
    barrier.wait();
    if (thread == 0) {
      timer.lap(Phase::wait);
      guarded([&] { finish_step(); });
    }
    barrier.wait();
    if (failed.load(std::memory_order_relaxed)) return;
  }
}

void Simulation::Impl::advance(std::size_t thread) {
  auto& worker = *rank->workers[thread];
  const auto lap = [&](Phase phase) {
    if (thread == 0) timer.lap(phase);
  };
  bring_up_to_date(thread);
  reports.before_delivery(thread, now);
  lap(Phase::update);
  deliver_spikes(*rank, worker, now);
  lap(Phase::deliver);
  advance_neurons(*rank, worker, now);
  lap(Phase::advance);
  reports.after_step(thread, now);
  lap(Phase::record);
}

void Simulation::Impl::bring_up_to_date(std::size_t thread) {
  if (up_to_date == now) return;
  auto& worker = *rank->workers[thread];
  learning::extend_archives(*rank, worker, now);
  learning::update_due_synapses(*rank, worker, now);
  learning::update_transmitting(*rank, worker, now);
}

void Simulation::Impl::bring_up_to_date() {
  const core::FlushDenormals flush;
  for (std::size_t w = 0; w < rank->workers.size(); ++w) bring_up_to_date(w);
  up_to_date = now;
}

void Simulation::Impl::finish_step() {
  for (auto& population : rank->populations) {
    auto* inputs = std::get_if<state::InputState>(&population);
    if (inputs == nullptr) continue;
    std::visit([&](auto& player) { player.emit(now, inputs->history); }, inputs->player);
    inputs->history.end_step();
  }
  timer.lap(Phase::generate);
  collect();
  timer.lap(Phase::collect);
  reports.commit(now);
  timer.lap(Phase::record);
  ++now;
  bool verdict_due = false;
  if (rank->plan.timing.exchange_interval.divides(now)) {
    exchange.run(exchanged, now);
    verdict_due = now / state::verdict_interval > exchanged / state::verdict_interval;
    exchanged = now;
  }
  if (verdict_due) state::throw_if_diverged(*rank, comm, now);
  timer.lap(Phase::exchange);
  for (auto& player : rank->rates) player.advance(now);
  learning::prepare_updates(*rank, now);
  timer.lap(Phase::generate);
}

/// Puts the spikes of the threads' neurons in global order.
void Simulation::Impl::collect() {
  for (const auto& worker : rank->workers) {
    for (const auto& part : worker->recurrent) {
      auto& own = std::get<state::NeuronState>(rank->populations[part.population]).own;
      own.sources.insert(own.sources.end(), part.block.spikes.begin(), part.block.spikes.end());
    }
  }
  for (auto& population : rank->populations) {
    auto* neurons = std::get_if<state::NeuronState>(&population);
    if (neurons != nullptr) neurons->own.step_ends.push_back(neurons->own.sources.size());
  }
}

Simulation::Simulation(const Network& network, comm::Communicator& comm, int threads)
    : impl_(std::make_unique<Impl>(network, comm, threads)) {}
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
    close_output();
  } catch (const std::exception& error) {
    impl_->comm.report(error.what());
  }
}

/// Runs loop() on the rank's threads, once it is known that OpenMP grants them all on every rank:
/// in a smaller team some would wait for the missing ones for ever.
void Simulation::Impl::run(Step steps) {
  if (!has_run) warn_of_shared_processors(comm, rank->layout.threads);
  has_run = true;
  std::exception_ptr refusal;
  timer.start();
#pragma omp parallel num_threads(rank->layout.threads)
  {
    const int thread = omp_get_thread_num();
    if (thread == 0) {
      try {
        require_whole_team(comm, rank->layout.threads, omp_get_num_threads());
      } catch (...) {
        refusal = std::current_exception();
      }
    }
#pragma omp barrier
    if (!refusal) loop(steps, static_cast<std::size_t>(thread));
  }
  timer.stop();
  if (refusal) std::rethrow_exception(refusal);
  if (failed) std::rethrow_exception(failure);
  state::throw_if_diverged(*rank, comm, now);
}

void Simulation::run(Step steps) {
  if (steps < 0) core::refuse("simulation", "steps", steps, "", "must be >= 0");
  for (auto& player : impl_->rank->rates) player.advance(impl_->now);
  impl_->run(steps);
}

void Simulation::run_for(double time) {
  run(core::to_steps(time, impl_->rank->plan.timing.dt, "simulation", "time"));
}

Step Simulation::step() const { return impl_->now; }

std::vector<std::pair<std::string, double>> Simulation::phase_seconds() const {
  return impl_->timer.seconds();
}

}  // namespace eprop
