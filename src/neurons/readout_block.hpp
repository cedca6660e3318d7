#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/column.hpp"
#include "core/partition.hpp"
#include "eprop/neuron_models.hpp"
#include "network/model_traits.hpp"

namespace eprop::neurons {

/// What a step gives to readouts from outside. Arrays have one entry per readout of the block.
struct ReadoutInputs {
  const double* target;  ///< output of the step rate generators
  const double* window;  ///< learning window signal (plus family)
  bool learning;         ///< the step lies in the learning window (bsshslm_2020)
  /// ReadoutBlock::potential of all readouts of the population after the step before
  /// (cross_entropy, while learning)
  std::span<const double> potentials;
};

/// The readouts of one population that live on one thread: a structure of arrays. Potentials are
/// relative to E_L.
struct ReadoutBlock {
  using Column = core::Column;

  ReadoutBlock(const NeuronModel& model, std::uint32_t population, core::Range neurons, double dt,
               std::uint64_t seed);

  core::Range neurons;  ///< global indices within the population
  Family family;
  Loss loss = Loss::mean_squared_error;

  // state
  Column v;          ///< mV
  Column input;      ///< summed weights of the spikes that arrive in this step; consumed by update
  Column current;    ///< pA
  Column potential;  ///< y + E_L, mV (bsshslm_2020)
  Column signal, target, error;
  Column log_signal;  ///< log of `signal`, finite where that underflows (cross_entropy, learning)

  // parameters
  Column alpha, P_i, P_z, I_e, E_L, v_min;
  Column cutoff;  ///< steps, at most 1e9 (plus family)

  [[nodiscard]] std::size_t size() const { return neurons.size(); }
  void update(const ReadoutInputs& inputs);
  /// Membrane potential to zero (reset_neurons_on_update).
  void reset();

 private:
  void update_bsshslm_2020(const ReadoutInputs& inputs);
  void normalize(std::span<const double> potentials);
  void update_plus(const ReadoutInputs& inputs);
};

}  // namespace eprop::neurons
