#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/interval_offsets.hpp"
#include "core/partition.hpp"
#include "core/source_index.hpp"
#include "core/step_ring.hpp"
#include "devices/loss_tracker.hpp"
#include "eprop/step.hpp"
#include "neurons/readout_block.hpp"
#include "neurons/recurrent_block.hpp"
#include "plasticity/interval_gradient.hpp"
#include "plasticity/learning_signal.hpp"
#include "plasticity/transmission_update.hpp"
#include "state/divergence.hpp"
#include "synapses/synapse_tile.hpp"

/// What a thread works on: a contiguous block of every population, with all synapses onto it.
namespace eprop::state {

/// A thread's synapses of one projection.
struct ProjectionPart {
  std::vector<synapses::SynapseTile> tiles;     ///< as those of the target block
  core::SourceIndex clocked;                    ///< sources that have a clock (plus family)
  std::vector<plasticity::SourceClock> clocks;  ///< [place of the source]
  /// [tile]: where the gradients of its synapses begin in Worker::gradients.
  std::vector<std::size_t> first_gradient;

  /// A source's clock; null if it has none, for want of synapses.
  [[nodiscard]] plasticity::SourceClock* clock(std::uint32_t source) {
    return clocked.has(source) ? &clocks[clocked.place(source)] : nullptr;
  }
};

/// By projection index; empty where the target is not here.
using ProjectionParts = std::vector<ProjectionPart>;

struct RecurrentPart {
  std::uint32_t population;
  neurons::RecurrentBlock block;
  std::vector<core::Range> tiles;  ///< relative to the block
  std::vector<plasticity::SignalWeights> signals;
  Step signal_lag =
      core::interval_offset::lead;    ///< before step t, L_j is known up to step t - signal_lag - 1
  core::StepRing surrogate_gradient;  ///< psi_j(t), as far back as learning looks; of the last step
                                      ///< if it is packed in the archive
  plasticity::RecurrentArchive archive;          ///< bsshslm_2020
  plasticity::TransmissionArchive transmission;  ///< plus family
};

struct ReadoutPart {
  std::uint32_t population;
  neurons::ReadoutBlock block;
  std::vector<core::Range> tiles;
  std::vector<double> target, window;  ///< rates received in this step
  std::optional<devices::LossTracker> losses;
};

struct Worker {
  explicit Worker(std::shared_ptr<ProjectionParts> parts)
      : synapses(std::move(parts)), projections(*synapses) {}

  std::vector<RecurrentPart> recurrent;
  std::vector<ReadoutPart> readouts;
  const std::shared_ptr<ProjectionParts> synapses;  ///< with replicas
  ProjectionParts& projections;
  /// Where the gradients of an update interval are put; null: synapses learn from them.
  double* gradients = nullptr;
  plasticity::GradientScratch scratch;
  plasticity::TransmissionScratch transmission_scratch;
  Divergence divergence;  ///< the first that this thread has found
};

}  // namespace eprop::state
