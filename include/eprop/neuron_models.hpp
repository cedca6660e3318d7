#pragma once

#include <limits>
#include <optional>
#include <string_view>
#include <variant>

#include "eprop/family.hpp"
#include "eprop/value.hpp"

/// Parameters of the neuron models, under the names of the literature.
///
/// Sources: Bellec et al. (2020), Nat. Commun. 11:3625 (bsshslm_2020); Korcsak-Gorzo et al. (2025),
/// arXiv 2511.21674 (models without that suffix). Every Value is one number for the population, one
/// per neuron, or a distribution. Rules are checked when a population is added to a Network
/// (InvalidParameter).
namespace eprop {

/// Shape of the pseudo-derivative psi(x), x = |V - threshold| / width, of height h.
enum class SurrogateGradient {
  piecewise_linear,         ///< h max(0, 1 - x)
  exponential,              ///< h exp(-x)
  fast_sigmoid_derivative,  ///< h (1 + x)^-2
  arctan_derivative,        ///< h / (1 + x^2)
};

/// Loss that a readout of the bsshslm_2020 family follows.
enum class Loss { mean_squared_error, cross_entropy };

/// What a model is in a network: spiking neurons, or readouts, which do not spike.
enum class Role { recurrent, readout };

/// Leaky membrane, common to all models.
struct Membrane {
  Value C_m = 250.0;                                       ///< membrane capacitance, pF, > 0
  Value E_L = -70.0;                                       ///< leak reversal potential, mV
  Value I_e = 0.0;                                         ///< constant external current, pA
  Value tau_m = 10.0;                                      ///< membrane time constant, ms, > 0
  Value V_min = -std::numeric_limits<double>::infinity();  ///< lower bound of V_m, mV, <= V_th
  std::optional<Value> V_m;  ///< initial membrane potential, mV; E_L if not given
};

/// What makes a membrane spike.
struct Spiking {
  Value t_ref = 2.0;   ///< refractory time, ms, >= 0, a multiple of dt
  Value V_th = -55.0;  ///< threshold, mV
};

/// Hard reset after a spike.
struct HardReset {
  Value V_reset = -70.0;  ///< potential after a spike, mV, < V_th, >= V_min
  bool refractory_input =
      false;  ///< keep spikes that arrive while refractory, decayed, for the first free step
};

/// How arriving spikes act on the membrane (bsshslm_2020).
struct SpikeArrival {
  Value regular_spike_arrival = true;  ///< false: arriving spikes are scaled by 1 - exp(-dt/tau_m)
};

/// What readouts of the bsshslm_2020 family minimise.
struct ReadoutLoss {
  Loss loss = Loss::mean_squared_error;
};

/// What e-prop needs of a recurrent neuron.
struct EpropNeuron {
  Value c_reg = 0.0;      ///< weight of the firing rate regularisation, >= 0
  Value f_target = 10.0;  ///< target firing rate, spikes/s, >= 0
  SurrogateGradient surrogate_gradient_function = SurrogateGradient::piecewise_linear;
  Value surrogate_gradient_height = 0.3;  ///< 1/mV, > 0
  Value surrogate_gradient_width = 1.0;   ///< mV, > 0
  bool ignore_and_spike = false;          ///< ignore V_m and spike in fixed steps
  Value ignore_and_spike_offset =
      1.0;  ///< ms from the start to the end of the first spike's step, >= dt
  Value ignore_and_spike_interval = 200.0;  ///< ms between spikes, >= dt
};

/// Adaptive threshold V_th + adapt_beta * adaptation.
struct Adaptation {
  Value adapt_beta = 1.0;  ///< >= 0
  Value adapt_tau = 10.0;  ///< ms, > 0
  Value adaptation = 0.0;  ///< initial value
};

/// Eligibility trace filters of the continuously learning family; they belong to the target neuron.
struct TraceFilters {
  Value kappa = 0.97;      ///< low-pass factor of the eligibility trace, in [0, 1]
  Value kappa_reg = 0.97;  ///< low-pass factor of the firing rate regularisation, in [0, 1]
};

/// Where the traces of the continuously learning family end.
struct TraceCutoff {
  /// Steps longer ago than this since a synapse's last spike do not change its weight, ms, >= 0
  Value eprop_isi_trace_cutoff = std::numeric_limits<double>::infinity();
};

// Models: groups of parameters and what the model is. None is made of another one.

struct EpropIafBsshslm2020 : Membrane, Spiking, SpikeArrival, EpropNeuron {
  static constexpr std::string_view name = "eprop_iaf_bsshslm_2020";
  static constexpr Family family = Family::bsshslm_2020;
  static constexpr Role role = Role::recurrent;
};

struct EpropIafAdaptBsshslm2020 : Membrane, Spiking, SpikeArrival, EpropNeuron, Adaptation {
  static constexpr std::string_view name = "eprop_iaf_adapt_bsshslm_2020";
  static constexpr Family family = Family::bsshslm_2020;
  static constexpr Role role = Role::recurrent;
};

struct EpropReadoutBsshslm2020 : Membrane, SpikeArrival, ReadoutLoss {
  static constexpr std::string_view name = "eprop_readout_bsshslm_2020";
  static constexpr Family family = Family::bsshslm_2020;
  static constexpr Role role = Role::readout;
  EpropReadoutBsshslm2020() { E_L = 0.0; }
};

struct EpropIaf : Membrane, Spiking, EpropNeuron, TraceFilters, TraceCutoff {
  static constexpr std::string_view name = "eprop_iaf";
  static constexpr Family family = Family::plus;
  static constexpr Role role = Role::recurrent;
};

struct EpropIafAdapt : Membrane, Spiking, EpropNeuron, Adaptation, TraceFilters, TraceCutoff {
  static constexpr std::string_view name = "eprop_iaf_adapt";
  static constexpr Family family = Family::plus;
  static constexpr Role role = Role::recurrent;
};

struct EpropIafPscDelta : Membrane, Spiking, HardReset, EpropNeuron, TraceFilters, TraceCutoff {
  static constexpr std::string_view name = "eprop_iaf_psc_delta";
  static constexpr Family family = Family::plus;
  static constexpr Role role = Role::recurrent;
};

struct EpropIafPscDeltaAdapt : Membrane,
                               Spiking,
                               HardReset,
                               EpropNeuron,
                               Adaptation,
                               TraceFilters,
                               TraceCutoff {
  static constexpr std::string_view name = "eprop_iaf_psc_delta_adapt";
  static constexpr Family family = Family::plus;
  static constexpr Role role = Role::recurrent;
};

struct EpropReadout : Membrane, TraceCutoff {
  static constexpr std::string_view name = "eprop_readout";
  static constexpr Family family = Family::plus;
  static constexpr Role role = Role::readout;
  EpropReadout() { E_L = 0.0; }
};

struct IafPscDelta : Membrane, Spiking, HardReset {
  static constexpr std::string_view name = "iaf_psc_delta";
  static constexpr Family family = Family::none;
  static constexpr Role role = Role::recurrent;
};

/// Every neuron model; a new one is added here and in src/neurons.
using NeuronModel =
    std::variant<EpropIafBsshslm2020, EpropIafAdaptBsshslm2020, EpropReadoutBsshslm2020, EpropIaf,
                 EpropIafAdapt, EpropIafPscDelta, EpropIafPscDeltaAdapt, EpropReadout, IafPscDelta>;

/// The model of that name with its defaults; InvalidParameter if there is none.
[[nodiscard]] NeuronModel neuron_model(std::string_view name);

/// Sets a parameter by name; InvalidParameter if the model has none of that name or kind.
void set_parameter(NeuronModel& model, std::string_view parameter, const Value& value);
/// The same for parameters that are words: surrogate_gradient_function, loss.
void set_parameter(NeuronModel& model, std::string_view parameter, std::string_view word);

}  // namespace eprop
