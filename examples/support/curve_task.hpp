#pragma once

#include <string>

#include "support/curve_target.hpp"
#include "support/options.hpp"
#include "support/tutorial_network.hpp"

namespace eprop::examples {

/// Drawing a curve with two readouts, the lemniscate and handwriting tasks: adaptive neurons, adam,
/// frozen noise as input.
class CurveTask : public FrozenTask {
 public:
  /// `tau_m_std`: standard deviation of the neurons' membrane time constant of 30 ms.
  CurveTask(std::string task_name, const Options& options, const CurveTarget& curve,
            double tau_m_std);
};

}  // namespace eprop::examples
