#pragma once

#include <atomic>
#include <functional>

#include "eprop/comm/communicator.hpp"
#include "eprop/step.hpp"

namespace eprop::training {

/// What is asked of a training while it runs: by signals and callbacks, on whichever rank, and by
/// the clock of rank 0.
class Requests {
 public:
  using Clock = std::function<double()>;  ///< monotonic, s

  /// A checkpoint is due so many minutes after the construction and after the one before; 0: never.
  Requests(double checkpoint_minutes, comm::Communicator& comm, Clock clock = steady_seconds);

  /// From any thread.
  void checkpoint() { asked_checkpoint_ = true; }
  void stop() { asked_stop_ = true; }

  /// Collective: brings all ranks to know what any has been asked for, and returns the `stretch` of
  /// rank 0.
  Step agree(Step stretch);
  /// What all know of: a checkpoint is due, with which training goes on or stops.
  [[nodiscard]] bool checkpoint_is_due() const { return checkpoint_is_due_ || stop_is_due_; }
  [[nodiscard]] bool stop_is_due() const { return stop_is_due_; }
  /// A checkpoint has been written.
  void note_checkpoint();

  [[nodiscard]] static double steady_seconds();

 private:
  comm::Communicator& comm_;
  const double interval_;  ///< s
  const Clock clock_;
  double written_at_;
  std::atomic<bool> asked_checkpoint_{false}, asked_stop_{false};
  bool checkpoint_is_due_ = false, stop_is_due_ = false;
};

}  // namespace eprop::training
