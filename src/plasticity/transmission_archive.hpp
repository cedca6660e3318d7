#pragma once

#include <vector>

#include "core/step_ring.hpp"
#include "neurons/recurrent_block.hpp"
#include "plasticity/learning_signal.hpp"

/// What synapses that learn whenever they transmit (Korcsak-Gorzo et al. 2025) read of their
/// targets.
namespace eprop::plasticity {

/// Parameters that all neurons of a population share; with them a row of synapses needs one set of
/// powers.
struct SharedParameters {
  double alpha = 0.0, kappa = 0.0, kappa_reg = 0.0;
  double rho = 0.0;  ///< 0 without adaptation
  Step cutoff = 0;
};

/// A population's properties that decide how its synapses are updated; the same on all ranks and
/// threads.
struct TransmissionMode {
  Step lag = 1;  ///< D = d_ro + d_fb - 1: steps from psi_j(t) until L_j(t) is known, less one
  bool shared = false;  ///< alpha, kappa, kappa_reg, rho and cutoff are the same for all neurons
  SharedParameters parameters;  ///< if shared
  /// kappa = kappa_reg for every neuron: then ereg = (1-kappa) ebar at all times, and L + (1-kappa)
  /// reg is the only signal needed.
  bool one_filter = false;
  /// Intervals are handled by prefix sums instead of step by step: shared parameters, no
  /// adaptation, and factors near enough to one that their powers over a block keep ten digits.
  bool prefix_sums = false;
};

/// Steps after which prefix sums start anew.
inline constexpr Step prefix_block = 64;
/// Steps between two looks for synapses whose open interval leaves the archive.
inline constexpr Step sweep_interval = 64;
/// Steps kept besides the lag: intervals up to three quarters of it never need a sweep.
inline constexpr Step archive_steps = 256;

/// Time-major archive of a block of recurrent neurons. The surrogate gradient lies beside it (see
/// RecurrentPart).
struct TransmissionArchive {
  TransmissionArchive() = default;
  TransmissionArchive(const TransmissionMode& mode, std::size_t neurons);

  /// Adds what becomes known before step t: the learning signal of step t - lag - 1, and the sums
  /// over it.
  void extend(Step t, const TransmissionMode& mode, const neurons::RecurrentBlock& block,
              const core::StepRing& surrogate_gradient, const std::vector<SignalWeights>& signals);

  core::StepRing signal;          ///< L_j(t), or L + (1-kappa) reg with one filter
  core::StepRing regularization;  ///< reg_j(t)
  /// Sums over the steps from the block's begin to t, with t counted from there:
  /// F of (alpha/kappa)^t psi(t), G of kappa^t L(t), H of (alpha/kappa)^t psi(t) G(t - 1); the same
  /// for the regularisation, unless there is one filter.
  core::StepRing F, G, H, F_reg, G_reg, H_reg;

 private:
  void add_to_sums(Step tau, const TransmissionMode& mode, const core::StepRing& psi);
};

}  // namespace eprop::plasticity
