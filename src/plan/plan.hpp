#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/divisor.hpp"
#include "core/interval_offsets.hpp"
#include "eprop/network.hpp"
#include "eprop/step.hpp"
#include "network/model_traits.hpp"
#include "plasticity/optimizer.hpp"
#include "plasticity/transmission_archive.hpp"

/// What follows from the description of a network alone, the same on all ranks and threads: in
/// steps, and ready to be looked up in every one of them. Nothing of it changes once it is made.
namespace eprop::plan {

namespace offset = core::interval_offset;

/// Properties of the whole network in steps.
struct Timing {
  double dt = 1.0;                    ///< ms
  core::Divisor update_interval = 1;  ///< T (bsshslm_2020)
  Step learning_window = 0;           ///< W (bsshslm_2020)
  bool reset_neurons_on_update = true;
  core::Divisor exchange_interval = 1;  ///< minimum delay

  /// Whether an update interval of recurrent neurons begins with step t.
  [[nodiscard]] bool interval_begins(Step t) const {
    return t >= offset::recurrent && update_interval.divides(t - offset::recurrent);
  }
};

/// Neurons whose spikes are given, or follow from counters: every rank makes them all.
struct Inputs {};

/// Projections whose gradients share one backward pass.
struct PassGroup {
  double kappa;
  std::vector<std::uint32_t> projections;
};

/// Recurrent neurons.
struct Neurons {
  Family family = Family::none;
  bool adaptive = false;
  std::vector<PassGroup> passes;  ///< bsshslm_2020
};

struct Readouts {
  Family family = Family::none;
  bool softmax = false;  ///< they read one another's potentials
  Step errors_kept = 0;  ///< steps
  std::vector<Network::RateConnection> rates;
};

struct PopulationPlan {
  std::uint32_t size = 0;
  std::variant<Inputs, Neurons, Readouts> role;
  std::vector<std::uint32_t> incoming;  ///< projections, in order of creation
  bool learns_by_interval =
      false;                     ///< feeds synapses that look up its spikes of an update interval
  Step spikes_kept = 0;          ///< steps; of inputs and neurons
  std::uint32_t tile_width = 0;  ///< targets whose synapses are worked on together
  plasticity::TransmissionMode transmission;  ///< of targets in the plus family
};

struct ProjectionPlan {
  std::uint32_t source = 0, target = 0;  ///< populations
  std::uint32_t n_sources = 0, n_targets = 0;
  Step delay = 1;
  Family family = Family::none;  ///< by whose rule it learns
  bool onto_readouts = false;
  std::optional<plasticity::OptimizerParameters> optimizer;
  double kappa = 0.0;              ///< exp(-dt/tau_m_readout) (bsshslm_2020)
  double gradient_scale = 1.0;     ///< 1/W if the gradient is averaged (bsshslm_2020)
  bool optimize_each_step = true;  ///< plus family

  /// Whether spikes are dropped that arrive in the first step of an update interval: by plastic
  /// synapses onto recurrent neurons (bsshslm_2020).
  [[nodiscard]] bool drops_first_arrivals() const {
    return family == Family::bsshslm_2020 && !onto_readouts;
  }
  [[nodiscard]] plasticity::TransmissionOptimizer transmission_optimizer(double eta) const {
    return {*optimizer, eta, optimize_each_step, delay};
  }
};

/// A learning signal, as Network::learning_signals() has it.
struct SignalPlan {
  std::uint32_t readout = 0, target = 0;  ///< populations
  Step delay = 1;                         ///< of the way back
  /// Steps from the surrogate gradient of a neuron to the error of a readout that it pairs with: 2
  /// (bsshslm_2020), or the delay of its projections to the readouts (plus family).
  Step lead = offset::lead;
};

struct Plan {
  Network network;
  Timing timing;
  std::vector<PopulationPlan> populations;
  std::vector<ProjectionPlan> projections;
  std::vector<SignalPlan> signals;
};

/// The plan of a network. InvalidParameter if delays of several projections do not fit together.
[[nodiscard]] Plan make_plan(const Network& network);

}  // namespace eprop::plan
