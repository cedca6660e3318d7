#pragma once

#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include "core/column.hpp"
#include "core/field_count.hpp"
#include "core/partition.hpp"
#include "eprop/neuron_models.hpp"
#include "eprop/step.hpp"
#include "network/model_traits.hpp"
#include "neurons/membrane.hpp"
#include "neurons/tables.hpp"

namespace eprop::neurons {

/// Where a step's archive entries go, one per neuron of the block; null where the model has none.
struct ArchiveRows {
  double* surrogate_gradient = nullptr;  ///< psi_j(t)
  double* regularization = nullptr;      ///< reg_j(t), plus family
};

struct RecurrentBlock;

/// Advances all neurons of a block by one step.
using RecurrentUpdate = void (*)(RecurrentBlock&, Step, const ArchiveRows&);

/// What a block's neurons are between two steps. Columns that a model does not have stay empty.
struct RecurrentColumns {
  using Column = core::Column;

  Column v;               ///< mV
  Column z;               ///< 1 if the neuron spiked in the last step
  Column refractory;      ///< steps left
  Column a;               ///< adaptation
  Column current;         ///< pA, acts in the next step; I_e from the second step on
  Column refractory_sum;  ///< decayed input kept for the first free step (refractory_input)
  Column rate;            ///< low-pass filtered firing rate, spikes/ms (plus family)
  Column n_spikes;        ///< spikes of the running update interval (bsshslm_2020)
  Column next_forced;     ///< step of the next spike (ignore_and_spike)
  Column i_syn;           ///< synaptic current, pA (exponential)
};

inline constexpr StateColumn<RecurrentColumns> recurrent_state[] = {
    {"v", &RecurrentColumns::v, 0.0, "V_m"},
    {"z", &RecurrentColumns::z, 0.0, ""},
    {"refractory", &RecurrentColumns::refractory, 0.0, ""},
    {"a", &RecurrentColumns::a, 0.0, "adaptation"},
    {"current", &RecurrentColumns::current, {}, ""},
    {"refractory_sum", &RecurrentColumns::refractory_sum, {}, ""},
    {"rate", &RecurrentColumns::rate, {}, ""},
    {"n_spikes", &RecurrentColumns::n_spikes, {}, ""},
    {"next_forced", &RecurrentColumns::next_forced, {}, ""},
    {"i_syn", &RecurrentColumns::i_syn, 0.0, "", network::has<SynapticCurrent>}};
static_assert(std::size(recurrent_state) == core::field_count<RecurrentColumns>());

/// Parameters of a block's neurons besides those of the membrane.
struct RecurrentParameters {
  using Column = core::Column;

  Column v_th, v_reset, t_ref;
  Column alpha_syn, P_s;  ///< decay of a synaptic current; what it adds to the potential, mV/pA
  Column height, inverse_width;
  Column beta, rho;
  Column c_reg, f_target;  ///< f_target in spikes per step (bsshslm_2020) or spikes/ms times dt
                           ///< (plus): the same number
  Column kappa, kappa_reg;
  Column cutoff;  ///< steps, at most 1e9
  Column forced_interval;
};

/// The spiking neurons of one population that live on one thread: a structure of arrays, one entry
/// per neuron. Potentials are relative to E_L, times in steps.
struct RecurrentBlock : RecurrentColumns, MembraneColumns, RecurrentParameters {
  using Column = core::Column;

  RecurrentBlock(const NeuronModel& model, std::uint32_t population, core::Range range,
                 double resolution, std::uint64_t seed);

  core::Range neurons;  ///< global indices within the population
  Family family;
  bool adaptive = false;
  bool ignore_and_spike = false;
  bool refractory_input = false;
  double dt;
  RecurrentUpdate update = nullptr;

  Column input;  ///< summed weights of the spikes that arrive in this step, pA; consumed by update
  std::vector<std::uint32_t> spikes;  ///< global indices that spiked in the last step, ascending

  [[nodiscard]] std::size_t size() const { return neurons.size(); }
  [[nodiscard]] std::uint64_t bytes() const;
  /// Columns with a reset value to it (reset_neurons_on_update).
  void reset();
  /// Fills `spikes` from z; every update ends with it.
  void collect_spikes();
};

/// What can be recorded of a block.
[[nodiscard]] std::span<const Variable<RecurrentBlock>> recurrent_variables();

/// The update of a model's blocks, chosen once when a block is built; in the file of its dynamics.
[[nodiscard]] RecurrentUpdate update_of(const EpropIafBsshslm2020& model);
[[nodiscard]] RecurrentUpdate update_of(const EpropIafAdaptBsshslm2020& model);
[[nodiscard]] RecurrentUpdate update_of(const EpropIaf& model);
[[nodiscard]] RecurrentUpdate update_of(const EpropIafAdapt& model);
[[nodiscard]] RecurrentUpdate update_of(const EpropIafPscDelta& model);
[[nodiscard]] RecurrentUpdate update_of(const EpropIafPscDeltaAdapt& model);
[[nodiscard]] RecurrentUpdate update_of(const EpropIafPscExp& model);
[[nodiscard]] RecurrentUpdate update_of(const IafPscDelta& model);

}  // namespace eprop::neurons
