#pragma once

#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include "core/column.hpp"
#include "core/field_count.hpp"
#include "core/partition.hpp"
#include "eprop/neuron_models.hpp"
#include "neurons/membrane.hpp"
#include "neurons/tables.hpp"

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

/// What a block's readouts are between two steps.
struct ReadoutColumns {
  using Column = core::Column;

  Column v;          ///< mV
  Column current;    ///< pA
  Column potential;  ///< y + E_L, mV (bsshslm_2020)
  Column signal, target, error;
};

inline constexpr StateColumn<ReadoutColumns> readout_state[] = {
    {"v", &ReadoutColumns::v, 0.0, "V_m"},
    {"current", &ReadoutColumns::current, {}, ""},
    {"potential", &ReadoutColumns::potential, {}, ""},
    {"signal", &ReadoutColumns::signal, {}, ""},
    {"target", &ReadoutColumns::target, {}, ""},
    {"error", &ReadoutColumns::error, {}, ""}};
static_assert(std::size(readout_state) == core::field_count<ReadoutColumns>());

/// The readouts of one population that live on one thread: a structure of arrays. Potentials are
/// relative to E_L.
struct ReadoutBlock : ReadoutColumns, MembraneColumns {
  using Column = core::Column;

  ReadoutBlock(const NeuronModel& model, std::uint32_t population, core::Range range, double dt,
               std::uint64_t seed);

  core::Range neurons;  ///< global indices within the population
  Family family;
  Loss loss = Loss::mean_squared_error;

  Column input;       ///< summed weights of the spikes that arrive in this step; consumed by update
  Column log_signal;  ///< log of `signal`, finite where that underflows (cross_entropy, learning)
  Column cutoff;      ///< steps, at most 1e9 (plus family)

  [[nodiscard]] std::size_t size() const { return neurons.size(); }
  [[nodiscard]] std::uint64_t bytes() const;
  void update(const ReadoutInputs& inputs);
  /// Columns with a reset value to it (reset_neurons_on_update).
  void reset();

 private:
  void update_bsshslm_2020(const ReadoutInputs& inputs);
  void normalize(std::span<const double> potentials);
  void update_plus(const ReadoutInputs& inputs);
};

/// What can be recorded of a block.
[[nodiscard]] std::span<const Variable<ReadoutBlock>> readout_variables();

}  // namespace eprop::neurons
