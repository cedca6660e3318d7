#pragma once

#include <optional>

#include "eprop/neuron_models.hpp"

namespace eprop::neurons {

/// The factors by which the traces of synapses onto neurons of the plus family decay in a step; 0
/// where a model has no such trace.
struct TraceFactors {
  double alpha = 0.0, kappa = 0.0, kappa_reg = 0.0;
  double rho = 0.0;
  double alpha_syn = 0.0;  ///< of the synaptic current, where spikes pass it before the membrane
  double P_s = 0.0;        ///< what such a current adds to the potential, mV/pA
};

/// What all neurons of a population share of that.
struct SharedTrace {
  std::optional<double> cutoff;         ///< steps, at most 1e9
  std::optional<TraceFactors> factors;  ///< only with one cutoff
  bool adaptive = false;
  bool two_filters = false;  ///< spikes pass a synaptic current before the membrane
};

[[nodiscard]] SharedTrace shared_trace(const NeuronModel& model, double dt);

}  // namespace eprop::neurons
