#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/column.hpp"
#include "core/interval_offsets.hpp"
#include "core/partition.hpp"
#include "core/step_ring.hpp"
#include "eprop/step.hpp"

namespace eprop::plasticity {

/// Weights with which the error signals of one readout population reach the neurons of a block.
struct SignalWeights {
  std::uint32_t readouts = 0;              ///< size of the readout population
  std::size_t neurons = 0;                 ///< size of the block
  core::Column B;                          ///< [readout][neuron]; zero where there is no connection
  const core::StepRing* errors = nullptr;  ///< E_k(t): all readouts' error signals
  Step lead = core::interval_offset::lead;  ///< steps from psi_j(t) to the error that it pairs with

  /// E_k(t + lead) of all readouts; null if all are zero.
  [[nodiscard]] const double* at(Step t) const {
    const double* row = errors->row(t + lead);
    return std::all_of(row, row + readouts, [](double e) { return e == 0.0; }) ? nullptr : row;
  }
};

/// L_j(step) = sum_k B_jk E_k(step + lead) for the neurons j of `range` (relative to the block),
/// readouts in global order.
void learning_signal(const std::vector<SignalWeights>& signals, Step step, core::Range range,
                     double* L);

}  // namespace eprop::plasticity
