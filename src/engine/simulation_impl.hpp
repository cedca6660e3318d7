#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "checkpoint/state_transfer.hpp"
#include "engine/failure.hpp"
#include "engine/grouping.hpp"
#include "engine/replicas.hpp"
#include "engine/stepper.hpp"
#include "eprop/comm/agreement.hpp"
#include "eprop/errors.hpp"
#include "eprop/simulation.hpp"
#include "eprop/step.hpp"
#include "reports/reports.hpp"

namespace eprop {

namespace engine {

/// What the parts of a simulation refer to.
struct SimulationBase {
  SimulationBase(const Network& network, comm::Communicator& all, const SimulationOptions& options)
      : grouping(network, all, options) {}

  Grouping grouping;
  Failure first_failure;
};

}  // namespace engine

/// The stepper is that of the main replica. With several groups of ranks (Grouping), all do the
/// same; the first alone records and writes.
struct Simulation::Impl : engine::SimulationBase, engine::Stepper {
  Impl(const Network& network, comm::Communicator& all, const SimulationOptions& options);

  void run(Step steps);
  void run_thread(Step end, std::size_t thread);
  void transfer_state(checkpoint::StateTransfer& transfer);
  void require_losses_of_samples() const;
  /// In a dry run `function` is refused: it needs what only other ranks have.
  void require_all_ranks(std::string_view function) const;
  /// "population 'NAME'" and the like, for messages.
  [[nodiscard]] std::string name_of(Projection projection) const;

  /// Calls f() on the ranks of the first group; what it throws, all throw.
  template <class F>
  void on_first_group(std::string_view doing, F&& f) {
    if (grouping.across() == nullptr) {
      f();
    } else {
      comm::on_first_rank<InvalidParameter, DamagedOutput, OutputError, CheckpointError>(
          *grouping.across(), doing, f);
    }
  }

  template <class F>
  void with_file(F&& f);
  template <class F>
  void read_weights(F&& f);

  reports::Reports reports;
  std::optional<engine::Replicas> replicas;  ///< if there are several
  bool has_run = false;  ///< whether run() has looked at the threads' processors

 private:
  enum class Segment { none, steps, batch };
  Segment segment_ = Segment::none;  ///< what all threads do next
  Step segment_end_ = 0;

  void plan_segment(Step end);
};

}  // namespace eprop
