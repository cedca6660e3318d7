#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/step_barrier.hpp"
#include "engine/failure.hpp"
#include "engine/phase_timer.hpp"
#include "engine/thread_choice.hpp"
#include "eprop/comm/communicator.hpp"
#include "eprop/simulation.hpp"
#include "eprop/step.hpp"
#include "exchange/interval_exchange.hpp"
#include "reports/reports.hpp"
#include "state/rank_state.hpp"

namespace eprop::engine {

/// A rank's part of a network on its way from step to step, by the rank's threads together.
class Stepper {
 public:
  /// Collective; `ranks` have the parts of the network. Both must outlive the stepper.
  Stepper(std::unique_ptr<state::RankState> state, comm::Communicator& ranks, Failure& failure);
  Stepper(const Stepper&) = delete;
  Stepper& operator=(const Stepper&) = delete;

  /// Simulates the steps before `end`; by all threads. After a failure all return early.
  void loop(Step end, std::size_t thread);
  /// Makes the updates that are due before step `now`, unless that has been done.
  void bring_up_to_date(std::size_t thread);
  /// The same for all threads, by one.
  void bring_up_to_date();
  /// As state::restart(), of which no update is due.
  void restart(Step first);
  /// As state::hand_over(), to step `to`.
  void hand_over(Step to, comm::Communicator& across);

  [[nodiscard]] const exchange::Traffic& traffic() const { return exchange_.traffic(); }
  [[nodiscard]] std::uint64_t exchange_bytes() const { return exchange_.bytes(); }

  comm::Communicator& comm;
  std::unique_ptr<state::RankState> rank;
  Failure& failure;
  reports::Reports* recorder = nullptr;  ///< of what the steps bring; null: none
  bool gives_verdicts = true;            ///< or only notes what it would throw Diverged for
  PhaseTimer timer;
  core::StepBarrier barrier;
  Step now = 0;          ///< next step
  Step exchanged = 0;    ///< first step that is not exchanged yet
  Step up_to_date = -1;  ///< synapses are updated for this step already
  ThreadUse thread_use = ThreadUse::measured;
  std::uint64_t steps_done = 0, steps_of_one_thread = 0;
  /// By population: whether neurons of this rank have spiked.
  std::vector<char> has_spiked;

 private:
  void begin_steps(Step end);
  void begin_step();
  [[nodiscard]] bool one_thread_is_to_do(Step t) const;
  void end_step();
  void advance(std::size_t w, bool timed);
  void finish_step();
  void collect();
  void give_verdict();

  exchange::IntervalExchange exchange_;
  std::array<ThreadChoice, 3> choices_;  ///< of steps by learning::Due
  // Of the step that runs, by the first thread.
  bool goes_on_ = false;            ///< all threads share it
  bool one_ = true;                 ///< it is done by one thread
  ThreadChoice* choice_ = nullptr;  ///< of such steps
  std::uint64_t began_ = 0;         ///< ticks, if that is asked
};

}  // namespace eprop::engine
