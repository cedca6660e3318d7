#pragma once

#include <algorithm>
#include <cmath>

#include "eprop/step.hpp"
#include "neurons/recurrent_block.hpp"
#include "neurons/surrogate_gradient.hpp"

/// What the neuron models share, per neuron.
namespace eprop::neurons {

/// Exact integration of the leaky membrane over one step (Rotter & Diesmann 1999), before bounds
/// and reset.
inline double integrate(double P_i, double current, double P_z, double input, double alpha,
                        double v) {
  return P_i * current + P_z * input + alpha * v;
}

/// 1 where a neuron that ignores its potential spikes in step t; moves on to its next spike.
inline double forced_spike(double& next, double interval, Step t) {
  const bool now = next == static_cast<double>(t);
  next = now ? next + interval : next;
  return now ? 1.0 : 0.0;
}

/// Firing rate regularisation of the plus family: f <- kappa_reg f + (1 - kappa_reg) z / dt,
/// returns c_reg (f - f_target).
inline double regularize(double& rate, double kappa_reg, double z, double dt, double c_reg,
                         double f_target) {
  rate = kappa_reg * rate + (1.0 - kappa_reg) * z / dt;
  return c_reg * (rate - f_target);
}

}  // namespace eprop::neurons
