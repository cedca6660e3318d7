#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/interval_offsets.hpp"
#include "core/packed_rows.hpp"
#include "core/partition.hpp"
#include "core/spike_history.hpp"
#include "core/step_ring.hpp"
#include "eprop/step.hpp"
#include "neurons/readout_block.hpp"
#include "neurons/recurrent_block.hpp"
#include "plasticity/learning_signal.hpp"
#include "plasticity/optimizer.hpp"

/// Learning at the end of update intervals (Bellec et al. 2020).
///
/// The gradient of a synapse i->j over an interval is linear in the presynaptic spikes: it is the
/// sum, over the steps in which spikes of i arrived, of coefficients that depend on the target
/// alone. One backward pass per target yields them. Interval k covers the recurrent steps [kT+2,
/// (k+1)T+2) and the readout steps [kT+3, (k+1)T+3).
namespace eprop::plasticity {

struct Interval {
  std::int64_t k = 0;
  Step first = 0;  ///< kT+2
  Step last = 0;   ///< (k+1)T+2, exclusive
};

[[nodiscard]] inline Interval interval(std::int64_t k, Step T) {
  constexpr Step offset = core::interval_offset::recurrent;
  return {k, k * T + offset, (k + 1) * T + offset};
}

/// What the backward pass over recurrent neurons reads besides their surrogate gradients.
struct RecurrentArchive {
  core::Column regularization;  ///< [neuron], reg_j of the interval that ended last
  core::PackedRows packed;      ///< surrogate gradients of large blocks, if most are zero
};

/// reg_j = c_reg (n_spikes/T - f_target) / T, from the spike counts, which start anew.
void close_interval(neurons::RecurrentBlock& block, Step T, RecurrentArchive& archive);

/// Working memory of a thread; grows to what its largest tile needs.
struct GradientScratch {
  core::StepRing surrogate_gradient;  ///< of the steps of the pass that are worked on, if packed
  core::Column coefficients;          ///< Q(t): [step of the interval][target of the tile]
  core::Column row;                   ///< per-target or per-synapse values
  core::Column gradient;              ///< [synapse of a row]
  std::vector<const double*> errors;  ///< [step of the interval][signal]: rows of error signals
  std::uint64_t not_finite = 0;       ///< not 0 once a gradient that was kept was not finite
};

/// Coefficients of the targets `tile` (relative to the block) for the filter factor kappa, from
/// surrogate gradients that are packed in the archive or in the ring beside it. If the
/// last learning signal of the interval is not known yet, it counts as zero.
void recurrent_coefficients(const neurons::RecurrentBlock& block, const RecurrentArchive& archive,
                            const core::StepRing& surrogate_gradient,
                            const std::vector<SignalWeights>& signals, core::Range tile,
                            const Interval& interval, double kappa, bool last_known,
                            GradientScratch& scratch);

/// Coefficients of the readouts `tile`, for arrivals in the steps [first+1, last]. `errors` as in
/// SignalWeights.
void readout_coefficients(const neurons::ReadoutBlock& block, const core::StepRing& errors,
                          core::Range tile, const Interval& interval, GradientScratch& scratch);

/// One update of the synapses of a tile.
struct IntervalUpdate {
  const OptimizerParameters& optimizer;
  double eta;             ///< learning rate of the interval
  double scale;           ///< of the gradient: 1, or 1/W if it is averaged over the learning window
  std::int64_t interval;  ///< k
  const core::SpikesBySource& spikes;         ///< of the steps [kT+2, (k+1)T+2)
  std::uint32_t first_counted, last_counted;  ///< those that count: steps after kT+2, [first, last)
  /// [synapse of the tile]: where gradients are put; null: the synapses learn from them.
  double* kept = nullptr;
};

/// Updates the synapses of all sources but (or, if `only`, of no other than) the ascending
/// `sources`.
void update_tile(synapses::SynapseTile& tile, const IntervalUpdate& update,
                 std::span<const std::uint32_t> sources, bool only, GradientScratch& scratch);

}  // namespace eprop::plasticity
