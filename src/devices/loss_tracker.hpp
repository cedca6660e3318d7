#pragma once

#include <utility>
#include <vector>

#include "eprop/step.hpp"
#include "neurons/readout_block.hpp"

namespace eprop::devices {

/// Sums up the errors of a thread's part of a population of readouts, interval by interval, as the
/// simulation goes.
class LossTracker {
 public:
  struct Window {
    Step offset = 0;    ///< first step of interval 0
    Step interval = 1;  ///< steps
    Step window = 1;    ///< steps at the end of each interval that count
  };
  /// Sums over the steps of one interval for one readout.
  struct Sums {
    double squared_error = 0.0;
    double cross_entropy = 0.0;
    double readout = 0.0;
    double target = 0.0;
  };

  LossTracker() = default;
  LossTracker(const Window& window, std::size_t readouts)
      : window_(window), start_(window.offset), open_(readouts) {}

  /// Takes in the state of the readouts after step t.
  void observe(Step t, const neurons::ReadoutBlock& block);
  /// Completed intervals, [interval][readout]; empties the list.
  [[nodiscard]] std::vector<Sums> take() { return std::exchange(completed_, {}); }
  /// Forgets the interval that is open and goes on with the one that begins in step `first`, or
  /// with interval 0 if that is later.
  void restart(Step first);
  [[nodiscard]] const Window& window() const { return window_; }
  /// Whether the sums of all intervals completed so far are finite.
  [[nodiscard]] bool finite() const { return finite_; }

  /// What changes as the simulation goes, for checkpoints: the sums of the interval that is open,
  /// [readout], and of the completed ones as take() returns them.
  [[nodiscard]] std::vector<Sums>& open_sums() { return open_; }
  [[nodiscard]] std::vector<Sums>& completed_sums() { return completed_; }

 private:
  Window window_;
  Step start_ = 0;  ///< steps before it do not count
  std::vector<Sums> open_;
  std::vector<Sums> completed_;
  bool finite_ = true;
};

}  // namespace eprop::devices
