#include "engine/stepper.hpp"

#include <algorithm>
#include <utility>

#include "core/flush_denormals.hpp"
#include "core/interval_offsets.hpp"
#include "engine/advance.hpp"
#include "learning/interval_updates.hpp"
#include "learning/transmissions.hpp"
#include "state/build.hpp"
#include "state/handover.hpp"
#include "state/restart.hpp"
#include "state/verdict.hpp"

namespace eprop::engine {

namespace offset = core::interval_offset;

Stepper::Stepper(std::unique_ptr<state::RankState> state, comm::Communicator& ranks,
                 Failure& shared_failure)
    : comm(ranks),
      rank(std::move(state)),
      failure(shared_failure),
      barrier(rank->layout.threads),
      has_spiked(rank->populations.size(), '\0'),
      exchange_(state::make_exchange(*rank, comm)) {}

/// The steps of the simulation. In each
///
///   - every thread takes in learning signals, updates the synapses that are due, delivers spikes,
///     advances its neurons and their archives, and samples what is recorded of them;
///   - when all have come to the barrier, the first makes the spikes of generators, collects those
///     of neurons, and records; at the end of a minimum-delay interval it exchanges what was
///     collected.
///
/// Or the first does the part of every thread, one after the other (ThreadChoice).
///
/// What arrives in a step was exchanged in a step before; nothing a thread writes in its part is
/// read by another in it.
void Stepper::loop(Step end, std::size_t thread) {
  const core::FlushDenormals flush;
  barrier.wait(thread, [&] { begin_steps(end); });
  while (goes_on_) {
    failure.guard([&] { advance(thread, thread == 0); });
    barrier.wait(thread, [&] {
      end_step();
      begin_steps(end);
    });
  }
}

/// Begins the next step for all threads. Steps before it that are faster without the others the
/// first does alone: they wait in the barrier.
void Stepper::begin_steps(Step end) {
  goes_on_ = false;
  while (!goes_on_ && now < end && !failure.happened()) {
    begin_step();
    if (!one_) {
      goes_on_ = true;
      break;
    }
    failure.guard([&] {
      for (std::size_t w = 0; w < rank->workers.size(); ++w) advance(w, true);
    });
    end_step();
  }
}

void Stepper::begin_step() {
  const auto due = learning::learning_due(rank->plan.timing, now);
  timer.begin_step(now, due != learning::Due::none);
  choice_ = &choices_[static_cast<std::size_t>(due)];
  one_ = one_thread_is_to_do(now);
  if (choice_->measures()) began_ = ticks();
}

bool Stepper::one_thread_is_to_do(Step t) const {
  if (rank->workers.size() == 1) return true;
  switch (thread_use) {
    case ThreadUse::all:
      return false;
    case ThreadUse::one:
      return true;
    case ThreadUse::drawn:
      return (static_cast<std::uint64_t>(t) * 0x9E3779B97F4A7C15) >> 63U == 0;
    case ThreadUse::measured:
      break;
  }
  return choice_->one();
}

void Stepper::end_step() {
  timer.lap(LoopPhase::wait);
  choice_->took(choice_->measures() ? static_cast<double>(ticks() - began_) : 0.0);
  ++steps_done;
  steps_of_one_thread += one_ ? 1 : 0;
  failure.guard([&] { finish_step(); });
}

void Stepper::advance(std::size_t w, bool timed) {
  auto& worker = *rank->workers[w];
  const auto lap = [&](LoopPhase phase) {
    if (timed) timer.lap(phase);
  };
  bring_up_to_date(w);
  if (recorder != nullptr) recorder->before_delivery(w, now);
  lap(LoopPhase::update);
  deliver_spikes(*rank, worker, now);
  lap(LoopPhase::deliver);
  advance_neurons(*rank, worker, now);
  lap(LoopPhase::advance);
  if (recorder != nullptr) recorder->after_step(w, now);
  lap(LoopPhase::record);
}

void Stepper::bring_up_to_date(std::size_t thread) {
  if (now <= up_to_date) return;
  auto& worker = *rank->workers[thread];
  learning::extend_archives(*rank, worker, now);
  learning::update_due_synapses(*rank, worker, now);
  learning::update_transmitting(*rank, worker, now);
}

void Stepper::bring_up_to_date() {
  const core::FlushDenormals flush;
  for (std::size_t w = 0; w < rank->workers.size(); ++w) bring_up_to_date(w);
  up_to_date = std::max(up_to_date, now);
}

void Stepper::restart(Step first) {
  state::restart(*rank, first);
  learning::prepare_updates(*rank, first);
  now = exchanged = first;
  up_to_date = first - offset::recurrent + offset::update;
}

void Stepper::hand_over(Step to, comm::Communicator& across) {
  state::hand_over(*rank, to, across);
  learning::prepare_updates(*rank, to - offset::update + offset::recurrent);
  now = exchanged = up_to_date = to;
}

void Stepper::finish_step() {
  for (auto& population : rank->populations) {
    auto* inputs = std::get_if<state::InputState>(&population);
    if (inputs == nullptr) continue;
    std::visit([&](auto& player) { player.emit(now, inputs->history); }, inputs->player);
    inputs->history.end_step();
  }
  timer.lap(LoopPhase::generate);
  collect();
  timer.lap(LoopPhase::collect);
  if (recorder != nullptr) recorder->commit(now);
  timer.lap(LoopPhase::record);
  ++now;
  bool verdict_due = false;
  if (rank->plan.timing.exchange_interval.divides(now)) {
    exchange_.run(exchanged, now);
    verdict_due = now / state::verdict_interval > exchanged / state::verdict_interval;
    exchanged = now;
  }
  if (verdict_due) give_verdict();
  timer.lap(LoopPhase::exchange);
  for (auto& player : rank->rates) player.advance(now);
  learning::prepare_updates(*rank, now);
  timer.lap(LoopPhase::generate);
}

void Stepper::give_verdict() {
  if (gives_verdicts) {
    state::throw_if_diverged(*rank, comm, now);
  } else {
    state::note_potentials(*rank, now - 1);
  }
}

/// Puts the spikes of the threads' neurons in global order.
void Stepper::collect() {
  for (const auto& worker : rank->workers) {
    for (const auto& part : worker->recurrent) {
      if (part.block.spikes.empty()) continue;
      has_spiked[part.population] = '\1';
      auto& own = std::get<state::NeuronState>(rank->populations[part.population]).own;
      own.sources.insert(own.sources.end(), part.block.spikes.begin(), part.block.spikes.end());
    }
  }
  for (auto& population : rank->populations) {
    auto* neurons = std::get_if<state::NeuronState>(&population);
    if (neurons != nullptr) neurons->own.step_ends.push_back(neurons->own.sources.size());
  }
}

}  // namespace eprop::engine
