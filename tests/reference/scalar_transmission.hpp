#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "eprop/step.hpp"
#include "eprop/synapse_models.hpp"
#include "scalar_optimizer.hpp"

/// Learning of the plus family (Korcsak-Gorzo et al. 2025) as it is defined, synapse by synapse and
/// step by step.
namespace eprop::testing {

/// What a synapse needs to know of its target.
struct ScalarTarget {
  bool readout = false;
  double alpha = 0.0, kappa = 0.0, kappa_reg = 0.0;
  double beta = 0.0, rho = 0.0;          ///< 0 without adaptation
  double alpha_syn = 0.0, P_s = 0.0;     ///< of a synaptic current; P_s = 0: there is none
  double cutoff = 1e9;                   ///< steps
  Step lag = 1;                          ///< D
  std::function<double(Step)> psi, reg;  ///< not of readouts
  std::function<double(Step)> signal;    ///< L_j(t), or E_k(t) of a readout
};

/// When a synapse optimizes, and how.
struct ScalarLearning {
  Optimizer optimizer;
  double eta = 0.0;
  bool each_step = true;
  Step delay = 1;  ///< of the synapse
};

class ScalarSynapse {
 public:
  ScalarSynapse(ScalarTarget target, const ScalarLearning& learning, double initial_weight);

  /// What happens to the weight just before a spike that arrives in this step is transmitted.
  void transmit(Step arrival);

  double weight;

 private:
  double handle(Step t, bool arrives);
  void filter(double z);
  [[nodiscard]] bool arrived_in(Step t) const;
  void optimize(std::int64_t optimizations_due);

  ScalarTarget j_;
  ScalarLearning learning_;
  GradientDescent common_;
  std::vector<Step> arrivals_;
  bool carried_ = false;  ///< the last spike is yet to enter the trace
  double x_ = 0.0, z_bar_ = 0.0, e_bar_ = 0.0, e_reg_ = 0.0, epsilon_ = 0.0;
  double sum_ = 0.0;
  ScalarOptimizer state_{.w = 0.0};
};

}  // namespace eprop::testing
