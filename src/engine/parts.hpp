#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/partition.hpp"
#include "core/spike_history.hpp"
#include "core/step_ring.hpp"
#include "devices/loss_tracker.hpp"
#include "engine/divergence.hpp"
#include "eprop/network.hpp"
#include "neurons/readout_block.hpp"
#include "neurons/recurrent_block.hpp"
#include "plasticity/interval_gradient.hpp"
#include "plasticity/learning_signal.hpp"
#include "plasticity/optimizer.hpp"
#include "plasticity/transmission_update.hpp"
#include "synapses/synapse_tile.hpp"

/// What the engine is made of. A rank has one RankState, which its threads share, and one Worker
/// per thread, which owns a contiguous block of every population with all synapses onto it.
namespace eprop::engine {

/// A projection as all threads see it.
struct ProjectionInfo {
  std::uint32_t source = 0, target = 0;  ///< populations
  std::uint32_t n_sources = 0;
  Step delay = 1;
  Family plasticity = Family::none;
  bool onto_readouts = false;
  std::optional<plasticity::OptimizerParameters> optimizer;
  double kappa = 0.0;                   ///< exp(-dt/tau_m_readout) (bsshslm_2020)
  double gradient_scale = 1.0;          ///< 1/W if the gradient is averaged (bsshslm_2020)
  bool optimize_each_step = true;       ///< plus family
  double eta = 0.0;                     ///< learning rate in force
  double interval_eta[2] = {0.0, 0.0};  ///< of update interval k, at k mod 2 (bsshslm_2020)
};

[[nodiscard]] inline plasticity::TransmissionOptimizer transmission_optimizer(
    const ProjectionInfo& info) {
  return {*info.optimizer, info.eta, info.optimize_each_step, info.delay};
}

/// A thread's synapses of one projection.
struct ProjectionPart {
  std::vector<synapses::SynapseTile> tiles;     ///< as those of the target block
  std::vector<plasticity::SourceClock> clocks;  ///< [source] (plus family)
};

/// Projections whose gradients share one backward pass.
struct PassGroup {
  double kappa;
  std::vector<std::uint32_t> projections;
};

struct RecurrentPart {
  std::uint32_t population;
  neurons::RecurrentBlock block;
  std::vector<core::Range> tiles;       ///< relative to the block
  std::vector<std::uint32_t> incoming;  ///< projections, in order of creation
  std::vector<plasticity::SignalWeights> signals;
  Step signal_lag = 2;                ///< before step t, L_j is known up to step t - signal_lag - 1
  core::StepRing surrogate_gradient;  ///< psi_j(t), as far back as learning looks
  plasticity::RecurrentArchive archive;          ///< bsshslm_2020
  std::vector<PassGroup> passes;                 ///< bsshslm_2020
  plasticity::TransmissionArchive transmission;  ///< plus family
};

struct ReadoutPart {
  std::uint32_t population;
  neurons::ReadoutBlock block;
  std::vector<core::Range> tiles;
  std::vector<std::uint32_t> incoming;
  std::vector<double> target, window;    ///< rates received in this step
  core::StepRing* errors = nullptr;      ///< of all readouts of the population
  core::StepRing* potentials = nullptr;  ///< the same, cross_entropy only
  std::optional<devices::LossTracker> losses;
};

struct Worker {
  std::vector<RecurrentPart> recurrent;
  std::vector<ReadoutPart> readouts;
  std::vector<ProjectionPart>
      projections;  ///< by projection index; empty where the target is not here
  plasticity::GradientScratch scratch;
  plasticity::TransmissionScratch transmission_scratch;
  Divergence divergence;  ///< the first that this thread has found
};

}  // namespace eprop::engine
