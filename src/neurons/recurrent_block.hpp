#pragma once

#include <cstdint>
#include <vector>

#include "core/column.hpp"
#include "core/partition.hpp"
#include "eprop/neuron_models.hpp"
#include "network/model_traits.hpp"

namespace eprop::neurons {

/// Where a step's archive entries go, one per neuron of the block; null where the model has none.
struct ArchiveRows {
  double* surrogate_gradient = nullptr;  ///< psi_j(t)
  double* regularization = nullptr;      ///< reg_j(t), plus family
};

struct RecurrentBlock;

/// Advances all neurons of a block by one step.
using RecurrentUpdate = void (*)(RecurrentBlock&, Step, const ArchiveRows&);

/// The spiking neurons of one population that live on one thread: a structure of arrays, one entry
/// per neuron. Potentials are relative to E_L, times in steps.
struct RecurrentBlock {
  /// Columns a model does not have stay empty.
  using Column = core::Column;

  RecurrentBlock(const NeuronModel& model, std::uint32_t population, core::Range neurons, double dt,
                 std::uint64_t seed);

  core::Range neurons;  ///< global indices within the population
  Family family;
  bool adaptive;
  bool ignore_and_spike;
  bool refractory_input;
  double dt;
  RecurrentUpdate update = nullptr;

  // state
  Column v;           ///< mV
  Column z;           ///< 1 if the neuron spiked in the last step
  Column refractory;  ///< steps left
  Column a;           ///< adaptation
  Column input;  ///< summed weights of the spikes that arrive in this step, pA; consumed by update
  Column current;         ///< pA, acts in this step; I_e from the second step on
  Column refractory_sum;  ///< decayed input kept for the first free step (refractory_input)
  Column rate;            ///< low-pass filtered firing rate, spikes/ms (plus family)
  Column n_spikes;        ///< spikes of the running update interval (bsshslm_2020)
  Column next_forced;     ///< step of the next spike (ignore_and_spike)
  std::vector<std::uint32_t> spikes;  ///< global indices that spiked in the last step, ascending

  // parameters
  Column alpha, P_i, P_z, I_e, E_L, v_th, v_min, v_reset, t_ref;
  Column height, inverse_width;
  Column beta, rho;
  Column c_reg, f_target;  ///< f_target in spikes per step (bsshslm_2020) or spikes/ms times dt
                           ///< (plus): the same number
  Column kappa, kappa_reg;
  Column cutoff;  ///< steps, at most 1e9
  Column forced_interval;

  [[nodiscard]] std::size_t size() const { return neurons.size(); }
  /// V, refractoriness, last spike and adaptation to zero (reset_neurons_on_update).
  void reset();
  /// Fills `spikes` from z; every update ends with it.
  void collect_spikes();
};

}  // namespace eprop::neurons
