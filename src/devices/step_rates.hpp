#pragma once

#include <string>
#include <vector>

#include "eprop/inputs.hpp"
#include "eprop/step.hpp"

namespace eprop::devices {

/// Step rate generators of one name: piecewise constant outputs. Each rank plays them for its
/// readouts.
class StepRatePlayer {
 public:
  StepRatePlayer(const StepRates& rates, double dt);

  /// Adds amplitudes; InvalidParameter (about `thing`) unless they are later than all before and as
  /// many.
  void add(const StepRates& rates, double dt, const std::string& thing);
  /// Moves the outputs on to step t.
  void advance(Step t);
  /// Output of generator g, or of the only one.
  [[nodiscard]] double now(std::size_t g) const { return now_[now_.size() == 1 ? 0 : g]; }

  /// What changes as the simulation goes, for checkpoints.
  struct State {
    std::vector<Step> steps;         ///< of the amplitudes to come
    std::vector<double> amplitudes;  ///< [time][generator]
    Step last = -1;                  ///< latest step that has amplitudes
    std::vector<double> now;         ///< outputs
  };
  [[nodiscard]] State state() const;
  void set_state(State state);

 private:
  void drop_used();

  std::vector<Step> steps_;         ///< increasing; those before next_ are used
  std::vector<double> amplitudes_;  ///< [time][generator]
  std::size_t next_ = 0;
  Step last_ = -1;  ///< latest step that has amplitudes
  std::vector<double> now_;
};

}  // namespace eprop::devices
