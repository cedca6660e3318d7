#pragma once

#include <vector>

#include "core/powers.hpp"
#include "core/step_ring.hpp"
#include "eprop/step.hpp"
#include "neurons/recurrent_block.hpp"
#include "plasticity/learning_signal.hpp"
#include "plasticity/transmission_optimizer.hpp"

/// What synapses that learn whenever they transmit (Korcsak-Gorzo et al. 2025) read of their
/// targets.
namespace eprop::plasticity {

/// Parameters that all neurons of a population share; with them a row of synapses needs one set of
/// powers.
struct SharedParameters {
  core::Powers alpha, kappa, kappa_reg;
  core::Powers rho;                   ///< 0 without adaptation
  double alpha_syn = 0.0, P_s = 0.0;  ///< with two filters
};

/// A population's properties that decide how its synapses are updated; the same on all ranks and
/// threads.
struct TransmissionMode {
  Step lag = 1;  ///< D = d_ro + d_fb - 1: steps from psi_j(t) until L_j(t) is known, less one
  bool one_cutoff = false;      ///< the cutoff is the same for all neurons
  Step cutoff = 0;              ///< steps, if so
  bool shared = false;          ///< cutoff and parameters are the same for all neurons
  SharedParameters parameters;  ///< if shared
  /// Spikes pass two filters, the synaptic current and the membrane, on their way into traces.
  bool two_filters = false;
  /// kappa = kappa_reg for every neuron: then ereg = (1-kappa) ebar at all times, and L + (1-kappa)
  /// reg is the only signal needed.
  bool one_filter = false;
  /// Intervals can be handled by prefix sums instead of step by step: shared parameters, no
  /// adaptation, one filter of spikes, and factors near enough to one that their powers over a
  /// block keep ten digits.
  bool prefix_sums = false;
  bool needs_sums = false;   ///< some synapses onto the population use them
  bool needs_steps = false;  ///< some synapses onto the population learn step by step

  /// How synapses with this optimizer handle intervals.
  [[nodiscard]] bool uses_sums(const TransmissionOptimizer& optimizer) const;
};

/// Steps after which prefix sums start anew.
inline constexpr Step prefix_block = 64;
/// Steps between two looks for synapses whose open interval leaves the archive.
inline constexpr Step sweep_interval = 32;
/// Steps kept besides the lag. An interval in two pieces costs hardly more than in one if it is
/// handled step by step, but up to twice as much by sums, in which up to 190 steps need no sweep.
[[nodiscard]] inline Step archive_steps(const TransmissionMode& mode) {
  return mode.needs_sums ? 224 : 128;
}
/// Open intervals that are handled less far before step t must be swept in it.
[[nodiscard]] inline Step oldest_unswept(const TransmissionMode& mode, Step t) {
  return t + sweep_interval + 2 - archive_steps(mode);
}

/// Steps of the surrogate gradient and the learning signal that must be kept.
[[nodiscard]] Step rows_kept(const TransmissionMode& mode);

/// Sums over the steps from the block's begin to t, with t counted from there:
/// F of (alpha/kappa)^t psi(t), G of kappa^t L(t), H of (alpha/kappa)^t psi(t) G(t - 1).
/// They are looked up together, and so lie in one ring: in each row F of all neurons, then G, then
/// H.
struct PrefixSums {
  PrefixSums() = default;
  PrefixSums(Step rows, std::size_t n) : ring(rows, 3 * n), neurons(n) {}

  [[nodiscard]] const double* f(Step t) const { return ring.row(t); }
  [[nodiscard]] const double* g(Step t) const { return ring.row(t) + neurons; }
  [[nodiscard]] const double* h(Step t) const { return ring.row(t) + 2 * neurons; }

  core::StepRing ring;
  std::size_t neurons = 0;
};

/// Time-major archive of a block of recurrent neurons. The surrogate gradient lies beside it (see
/// RecurrentPart).
struct TransmissionArchive {
  TransmissionArchive() = default;
  TransmissionArchive(const TransmissionMode& mode, std::size_t neurons);

  /// Adds what becomes known before step t: the learning signal of step t - lag - 1, and the sums
  /// over it.
  void extend(Step t, const TransmissionMode& mode, const neurons::RecurrentBlock& block,
              const core::StepRing& surrogate_gradient, const std::vector<SignalWeights>& signals);

  [[nodiscard]] std::uint64_t bytes() const;

  core::StepRing signal;          ///< L_j(t), or L + (1-kappa) reg with one filter
  core::StepRing regularization;  ///< reg_j(t)
  PrefixSums sums;                ///< with L the signal
  PrefixSums
      sums_reg;  ///< with reg in its place and kappa_reg for kappa, unless there is one filter

 private:
  void add_to_sums(Step tau, const TransmissionMode& mode, const core::StepRing& psi);

  core::Powers ratio_, ratio_reg_;  ///< alpha/kappa, alpha/kappa_reg; for the sums
};

}  // namespace eprop::plasticity
