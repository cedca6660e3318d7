#pragma once

#include <array>
#include <concepts>
#include <string_view>

#include "eprop/neuron_models.hpp"

/// The parameters of every neuron model with their units and rules, each listed once. Everything
/// that handles parameters by name or as a whole (checks, setting by name, columns) visits this
/// list.
namespace eprop::network {

enum class Rule {
  finite,
  positive,
  non_negative,
  unit_interval,
  boolean,
  time,           ///< a multiple of dt, >= 0
  positive_time,  ///< a multiple of dt, >= dt
  cutoff,         ///< a multiple of dt, >= 0, or infinite
  lower_bound,    ///< finite or -infinity
};

struct ParameterInfo {
  std::string_view name;
  std::string_view unit;
  Rule rule;
};

template <class M, class V>
void visit_parameters(M& m, V&& visit) {
  constexpr bool spiking = std::derived_from<M, Spiking>;
  visit(ParameterInfo{"C_m", "pF", Rule::positive}, m.C_m);
  visit(ParameterInfo{"E_L", "mV", Rule::finite}, m.E_L);
  visit(ParameterInfo{"I_e", "pA", Rule::finite}, m.I_e);
  visit(ParameterInfo{"tau_m", "ms", Rule::positive}, m.tau_m);
  visit(ParameterInfo{"V_min", "mV", Rule::lower_bound}, m.V_min);
  if constexpr (spiking) {
    visit(ParameterInfo{"t_ref", "ms", Rule::time}, m.t_ref);
    visit(ParameterInfo{"V_th", "mV", Rule::finite}, m.V_th);
  }
  if constexpr (requires { m.V_reset; }) {
    visit(ParameterInfo{"V_reset", "mV", Rule::finite}, m.V_reset);
  }
  if constexpr (requires { m.regular_spike_arrival; }) {
    visit(ParameterInfo{"regular_spike_arrival", "", Rule::boolean}, m.regular_spike_arrival);
  }
  if constexpr (requires { m.c_reg; }) {
    visit(ParameterInfo{"c_reg", "", Rule::non_negative}, m.c_reg);
    visit(ParameterInfo{"f_target", "spikes/s", Rule::non_negative}, m.f_target);
    visit(ParameterInfo{"surrogate_gradient_height", "1/mV", Rule::positive},
          m.surrogate_gradient_height);
    visit(ParameterInfo{"surrogate_gradient_width", "mV", Rule::positive},
          m.surrogate_gradient_width);
    visit(ParameterInfo{"ignore_and_spike_offset", "ms", Rule::positive_time},
          m.ignore_and_spike_offset);
    visit(ParameterInfo{"ignore_and_spike_interval", "ms", Rule::positive_time},
          m.ignore_and_spike_interval);
  }
  if constexpr (requires { m.adapt_beta; }) {
    visit(ParameterInfo{"adapt_beta", "", Rule::non_negative}, m.adapt_beta);
    visit(ParameterInfo{"adapt_tau", "ms", Rule::positive}, m.adapt_tau);
    visit(ParameterInfo{"adaptation", "", Rule::finite}, m.adaptation);
  }
  if constexpr (requires { m.kappa; }) {
    visit(ParameterInfo{"kappa", "", Rule::unit_interval}, m.kappa);
    visit(ParameterInfo{"kappa_reg", "", Rule::unit_interval}, m.kappa_reg);
  }
  if constexpr (requires { m.eprop_isi_trace_cutoff; }) {
    visit(ParameterInfo{"eprop_isi_trace_cutoff", "ms", Rule::cutoff}, m.eprop_isi_trace_cutoff);
  }
}

/// What a word of a parameter stands for, in the order of the enumeration.
inline constexpr std::array<std::string_view, 4> surrogate_gradient_words{
    "piecewise_linear", "exponential", "fast_sigmoid_derivative", "arctan_derivative"};
inline constexpr std::array<std::string_view, 2> loss_words{"mean_squared_error", "cross_entropy"};

/// The parameters that are words, with the words that they may be.
template <class M, class V>
void visit_words(M& m, V&& visit) {
  if constexpr (requires { m.surrogate_gradient_function; }) {
    visit("surrogate_gradient_function", m.surrogate_gradient_function, surrogate_gradient_words);
  }
  if constexpr (requires { m.loss; }) visit("loss", m.loss, loss_words);
}

/// The parameters that are true or false for all neurons.
template <class M, class V>
void visit_flags(M& m, V&& visit) {
  if constexpr (requires { m.ignore_and_spike; }) visit("ignore_and_spike", m.ignore_and_spike);
  if constexpr (requires { m.refractory_input; }) visit("refractory_input", m.refractory_input);
}

inline constexpr ParameterInfo initial_potential{"V_m", "mV", Rule::finite};

}  // namespace eprop::network
