#pragma once

#include "plasticity/optimizer.hpp"

namespace eprop::testing {

inline const plasticity::OptimizerParameters plain_descent(GradientDescent{});
/// Learns when a spike is transmitted, not in each step.
inline const plasticity::TransmissionOptimizer descent_per_spike{plain_descent, 0.1, false, 1};
/// Steps, TransmissionMode::lag.
inline constexpr Step archive_lag = 2;

}  // namespace eprop::testing
