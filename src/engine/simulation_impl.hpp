#pragma once

#include <atomic>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/state_transfer.hpp"
#include "core/step_barrier.hpp"
#include "engine/phase_timer.hpp"
#include "eprop/simulation.hpp"
#include "eprop/step.hpp"
#include "reports/reports.hpp"
#include "state/rank_state.hpp"

namespace eprop {

struct Simulation::Impl {
  Impl(const Network& network, comm::Communicator& communicator, int threads);

  void run(Step steps);
  void loop(Step steps, std::size_t thread);
  void advance(std::size_t thread);
  void finish_step();
  void collect();
  /// Makes the updates that are due before step `now`, unless that has been done.
  void bring_up_to_date(std::size_t thread);
  void bring_up_to_date();
  void transfer_state(checkpoint::StateTransfer& transfer);
  /// "population 'NAME'" and the like, for messages.
  [[nodiscard]] std::string name_of(Projection projection) const;
  template <class F>
  void guarded(F&& f) noexcept;

  comm::Communicator& comm;
  std::unique_ptr<state::RankState> rank;
  exchange::IntervalExchange exchange;
  reports::Reports reports;
  core::StepBarrier barrier;
  engine::PhaseTimer timer;
  bool has_run = false;  ///< whether run() has looked at the threads' processors
  Step now = 0;          ///< next step
  Step exchanged = 0;    ///< first step that is not exchanged yet
  Step up_to_date = -1;  ///< synapses are updated for this step already
  std::atomic<bool> failed{false};
  std::exception_ptr failure;
};

}  // namespace eprop
