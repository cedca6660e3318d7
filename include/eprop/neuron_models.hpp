#pragma once

#include <array>
#include <limits>
#include <optional>
#include <string_view>
#include <variant>

#include "eprop/family.hpp"
#include "eprop/parameter.hpp"
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

inline constexpr std::array<std::string_view, 4> surrogate_gradient_words{
    "piecewise_linear", "exponential", "fast_sigmoid_derivative", "arctan_derivative"};

/// Loss that a readout of the bsshslm_2020 family follows.
enum class Loss { mean_squared_error, cross_entropy };
inline constexpr std::array<std::string_view, 2> loss_words{"mean_squared_error", "cross_entropy"};

/// What a model is in a network: spiking neurons, or readouts, which do not spike.
enum class Role { recurrent, readout };

/// Leaky membrane, common to all models.
struct Membrane {
  Value C_m = 250.0;                                       ///< membrane capacitance, pF, > 0
  Value E_L = -70.0;                                       ///< leak reversal potential, mV
  Value I_e = 0.0;                                         ///< constant external current, pA
  Value tau_m = 10.0;                                      ///< membrane time constant, ms, > 0
  Value V_min = -std::numeric_limits<double>::infinity();  ///< lower bound of V_m, mV, <= V_th

  static constexpr Parameter<Membrane> parameters[] = {
      {"C_m", "pF", Rule::positive, 0, &Membrane::C_m},
      {"E_L", "mV", Rule::finite, 1, &Membrane::E_L},
      {"I_e", "pA", Rule::finite, 2, &Membrane::I_e},
      {"tau_m", "ms", Rule::positive, 3, &Membrane::tau_m},
      {"V_min", "mV", Rule::lower_bound, 4, &Membrane::V_min}};
};

/// Where the membrane starts.
struct InitialPotential {
  std::optional<Value> V_m;  ///< initial membrane potential, mV; E_L if not given
};

/// What makes a membrane spike.
struct Spiking {
  Value t_ref = 2.0;   ///< refractory time, ms, >= 0, a multiple of dt
  Value V_th = -55.0;  ///< threshold, mV

  static constexpr Parameter<Spiking> parameters[] = {
      {"t_ref", "ms", Rule::time, 0, &Spiking::t_ref},
      {"V_th", "mV", Rule::finite, 1, &Spiking::V_th}};
};

/// Hard reset after a spike.
struct HardReset {
  Value V_reset = -70.0;  ///< potential after a spike, mV, < V_th, >= V_min
  bool refractory_input =
      false;  ///< keep spikes that arrive while refractory, decayed, for the first free step

  static constexpr Parameter<HardReset> parameters[] = {
      {"V_reset", "mV", Rule::finite, 0, &HardReset::V_reset}};
  static constexpr Flag<HardReset> flags[] = {{"refractory_input", &HardReset::refractory_input}};
};

/// How arriving spikes act on the membrane (bsshslm_2020).
struct SpikeArrival {
  Value regular_spike_arrival = true;  ///< false: arriving spikes are scaled by 1 - exp(-dt/tau_m)

  static constexpr Parameter<SpikeArrival> parameters[] = {
      {"regular_spike_arrival", "", Rule::boolean, 0, &SpikeArrival::regular_spike_arrival}};
};

/// What readouts of the bsshslm_2020 family minimise.
struct ReadoutLoss {
  Loss loss = Loss::mean_squared_error;

  static constexpr Word<ReadoutLoss, Loss> words[] = {{"loss", &ReadoutLoss::loss, loss_words}};
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

  static constexpr Parameter<EpropNeuron> parameters[] = {
      {"c_reg", "", Rule::non_negative, 0, &EpropNeuron::c_reg},
      {"f_target", "spikes/s", Rule::non_negative, 1, &EpropNeuron::f_target},
      {"surrogate_gradient_height", "1/mV", Rule::positive, 2,
       &EpropNeuron::surrogate_gradient_height},
      {"surrogate_gradient_width", "mV", Rule::positive, 3, &EpropNeuron::surrogate_gradient_width},
      {"ignore_and_spike_offset", "ms", Rule::positive_time, 4,
       &EpropNeuron::ignore_and_spike_offset},
      {"ignore_and_spike_interval", "ms", Rule::positive_time, 5,
       &EpropNeuron::ignore_and_spike_interval}};
  static constexpr Flag<EpropNeuron> flags[] = {
      {"ignore_and_spike", &EpropNeuron::ignore_and_spike}};
  static constexpr Word<EpropNeuron, SurrogateGradient> words[] = {
      {"surrogate_gradient_function", &EpropNeuron::surrogate_gradient_function,
       surrogate_gradient_words}};
};

/// Adaptive threshold V_th + adapt_beta * adaptation.
struct Adaptation {
  Value adapt_beta = 1.0;  ///< >= 0
  Value adapt_tau = 10.0;  ///< ms, > 0
  Value adaptation = 0.0;  ///< initial value

  static constexpr Parameter<Adaptation> parameters[] = {
      {"adapt_beta", "", Rule::non_negative, 0, &Adaptation::adapt_beta},
      {"adapt_tau", "ms", Rule::positive, 1, &Adaptation::adapt_tau},
      {"adaptation", "", Rule::finite, 2, &Adaptation::adaptation}};
};

/// Spikes arrive as a synaptic current that decays exponentially.
struct SynapticCurrent {
  Value tau_syn = 2.0;  ///< time constant of the synaptic current, ms, > 0

  static constexpr Parameter<SynapticCurrent> parameters[] = {
      {"tau_syn", "ms", Rule::positive, 0, &SynapticCurrent::tau_syn}};
};

/// Eligibility trace filters of the continuously learning family; they belong to the target neuron.
struct TraceFilters {
  Value kappa = 0.97;      ///< low-pass factor of the eligibility trace, in [0, 1]
  Value kappa_reg = 0.97;  ///< low-pass factor of the firing rate regularisation, in [0, 1]

  static constexpr Parameter<TraceFilters> parameters[] = {
      {"kappa", "", Rule::unit_interval, 0, &TraceFilters::kappa},
      {"kappa_reg", "", Rule::unit_interval, 1, &TraceFilters::kappa_reg}};
};

/// Where the traces of the continuously learning family end.
struct TraceCutoff {
  /// Steps longer ago than this since a synapse's last spike do not change its weight, ms, >= 0
  Value eprop_isi_trace_cutoff = std::numeric_limits<double>::infinity();

  static constexpr Parameter<TraceCutoff> parameters[] = {
      {"eprop_isi_trace_cutoff", "ms", Rule::cutoff, 0, &TraceCutoff::eprop_isi_trace_cutoff}};
};

// Models: groups of parameters, with the first key of the random draws of each, and what the model
// is. None is made of another one.

struct EpropIafBsshslm2020 : Groups<At<Membrane, 0>, At<Spiking, 5>, At<SpikeArrival, 7>,
                                    At<EpropNeuron, 8>, At<InitialPotential, 14>> {
  static constexpr std::string_view name = "eprop_iaf_bsshslm_2020";
  static constexpr Family family = Family::bsshslm_2020;
  static constexpr Role role = Role::recurrent;
};

struct EpropIafAdaptBsshslm2020
    : Groups<At<Membrane, 0>, At<Spiking, 5>, At<SpikeArrival, 7>, At<EpropNeuron, 8>,
             At<Adaptation, 14>, At<InitialPotential, 17>> {
  static constexpr std::string_view name = "eprop_iaf_adapt_bsshslm_2020";
  static constexpr Family family = Family::bsshslm_2020;
  static constexpr Role role = Role::recurrent;
};

struct EpropReadoutBsshslm2020
    : Groups<At<Membrane, 0>, At<SpikeArrival, 5>, At<ReadoutLoss, 6>, At<InitialPotential, 6>> {
  static constexpr std::string_view name = "eprop_readout_bsshslm_2020";
  static constexpr Family family = Family::bsshslm_2020;
  static constexpr Role role = Role::readout;
  EpropReadoutBsshslm2020() { E_L = 0.0; }
};

struct EpropIaf : Groups<At<Membrane, 0>, At<Spiking, 5>, At<EpropNeuron, 7>, At<TraceFilters, 13>,
                         At<TraceCutoff, 15>, At<InitialPotential, 16>> {
  static constexpr std::string_view name = "eprop_iaf";
  static constexpr Family family = Family::plus;
  static constexpr Role role = Role::recurrent;
};

struct EpropIafAdapt
    : Groups<At<Membrane, 0>, At<Spiking, 5>, At<EpropNeuron, 7>, At<Adaptation, 13>,
             At<TraceFilters, 16>, At<TraceCutoff, 18>, At<InitialPotential, 19>> {
  static constexpr std::string_view name = "eprop_iaf_adapt";
  static constexpr Family family = Family::plus;
  static constexpr Role role = Role::recurrent;
};

struct EpropIafPscDelta
    : Groups<At<Membrane, 0>, At<Spiking, 5>, At<HardReset, 7>, At<EpropNeuron, 8>,
             At<TraceFilters, 14>, At<TraceCutoff, 16>, At<InitialPotential, 17>> {
  static constexpr std::string_view name = "eprop_iaf_psc_delta";
  static constexpr Family family = Family::plus;
  static constexpr Role role = Role::recurrent;
};

struct EpropIafPscDeltaAdapt : Groups<At<Membrane, 0>, At<Spiking, 5>, At<HardReset, 7>,
                                      At<EpropNeuron, 8>, At<Adaptation, 14>, At<TraceFilters, 17>,
                                      At<TraceCutoff, 19>, At<InitialPotential, 20>> {
  static constexpr std::string_view name = "eprop_iaf_psc_delta_adapt";
  static constexpr Family family = Family::plus;
  static constexpr Role role = Role::recurrent;
};

struct EpropIafPscExp
    : Groups<At<Membrane, 0>, At<Spiking, 5>, At<EpropNeuron, 7>, At<TraceFilters, 13>,
             At<TraceCutoff, 15>, At<InitialPotential, 16>, At<SynapticCurrent, 17>> {
  static constexpr std::string_view name = "eprop_iaf_psc_exp";
  static constexpr Family family = Family::plus;
  static constexpr Role role = Role::recurrent;
};

struct EpropReadout : Groups<At<Membrane, 0>, At<TraceCutoff, 5>, At<InitialPotential, 6>> {
  static constexpr std::string_view name = "eprop_readout";
  static constexpr Family family = Family::plus;
  static constexpr Role role = Role::readout;
  EpropReadout() { E_L = 0.0; }
};

struct IafPscDelta
    : Groups<At<Membrane, 0>, At<Spiking, 5>, At<HardReset, 7>, At<InitialPotential, 8>> {
  static constexpr std::string_view name = "iaf_psc_delta";
  static constexpr Family family = Family::none;
  static constexpr Role role = Role::recurrent;
};

/// Every neuron model; a new one is added here and in src/neurons.
using NeuronModel = std::variant<EpropIafBsshslm2020, EpropIafAdaptBsshslm2020,
                                 EpropReadoutBsshslm2020, EpropIaf, EpropIafAdapt, EpropIafPscDelta,
                                 EpropIafPscDeltaAdapt, EpropReadout, IafPscDelta, EpropIafPscExp>;

/// The model of that name with its defaults; InvalidParameter if there is none.
[[nodiscard]] NeuronModel neuron_model(std::string_view name);

/// Sets a parameter by name; InvalidParameter if the model has none of that name or kind.
void set_parameter(NeuronModel& model, std::string_view parameter, const Value& value);
/// The same for parameters that are words: surrogate_gradient_function, loss.
void set_parameter(NeuronModel& model, std::string_view parameter, std::string_view word);

}  // namespace eprop
