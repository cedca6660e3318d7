#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "eprop/neuron_models.hpp"

namespace eprop::testing {

/// One recurrent neuron as its model is defined, with all parameters by name: plain and slow.
struct ScalarNeuron {
  using Parameters = std::map<std::string, double>;

  ScalarNeuron(const std::string& model, SurrogateGradient surrogate, const Parameters& parameters,
               double resolution, bool keeps_refractory_input)
      : p(parameters),
        by_interval(model.ends_with("bsshslm_2020")),
        hard(model.find("psc_delta") != std::string::npos),
        adaptive(model.find("adapt") != std::string::npos),
        has_current(model.find("psc_exp") != std::string::npos),
        plus(!by_interval && model.starts_with("eprop")),
        refractory_input(keeps_refractory_input),
        function(surrogate),
        dt(resolution),
        alpha(std::exp(-dt / p.at("tau_m"))),
        V(p.at("V_m") - p.at("E_L")),
        a(adaptive ? p.at("adaptation") : 0.0) {}

  void step(double z_in) {
    hard ? step_hard(z_in) : step_soft(z_in);
    I = p.at("I_e");
    if (plus) {
      f = p.at("kappa_reg") * f + (1.0 - p.at("kappa_reg")) * z / dt;
      reg = p.at("c_reg") * (f - p.at("f_target") * dt / 1000.0);
    }
  }

  [[nodiscard]] double threshold() const {
    return p.at("V_th") - p.at("E_L") + (adaptive ? p.at("adapt_beta") * a : 0.0);
  }

  /// How a synaptic current acts on the potential (Rotter & Diesmann 1999).
  [[nodiscard]] double alpha_syn() const { return std::exp(-dt / p.at("tau_syn")); }
  /// With digits enough for time constants that are nearly equal.
  [[nodiscard]] double P_s() const {
    const long double tau_m = p.at("tau_m"), tau_syn = p.at("tau_syn"), C_m = p.at("C_m"), h = dt;
    if (tau_m == tau_syn) return static_cast<double>(h / C_m * std::exp(-h / tau_m));
    return static_cast<double>(tau_m * tau_syn / (C_m * (tau_m - tau_syn)) *
                               (std::exp(-h / tau_m) - std::exp(-h / tau_syn)));
  }

  Parameters p;
  bool by_interval, hard, adaptive, has_current, plus, refractory_input;
  SurrogateGradient function;
  double dt, alpha;
  double V;  ///< relative to E_L
  double a;
  double i_syn = 0.0;  ///< synaptic current, pA
  double I = 0.0, z = 0.0, psi = 0.0, f = 0.0, reg = 0.0, kept = 0.0;
  int r = 0;

 private:
  [[nodiscard]] double decay_of_adaptation() const { return std::exp(-dt / p.at("adapt_tau")); }
  [[nodiscard]] int refractory_steps() const {
    return static_cast<int>(std::lround(p.at("t_ref") / dt));
  }

  void integrate(double P_z, double z_in) {
    if (has_current) {
      const double arriving = z_in;
      z_in = P_s() * i_syn;
      i_syn = alpha_syn() * i_syn + arriving;
    }
    V = p.at("tau_m") / p.at("C_m") * (1.0 - alpha) * I + P_z * z_in + alpha * V;
  }
  void bound() { V = std::max(V, p.at("V_min") - p.at("E_L")); }

  void step_soft(double z_in) {
    r = std::max(r - 1, 0);
    const bool scaled = by_interval && p.at("regular_spike_arrival") == 0.0;
    integrate(scaled ? 1.0 - alpha : 1.0, z_in);
    if (by_interval) V -= (p.at("V_th") - p.at("E_L")) * z;
    bound();
    if (adaptive) a = decay_of_adaptation() * a + z;
    psi = surrogate();
    z = V >= threshold() && r == 0 ? 1.0 : 0.0;
    if (z == 0.0) return;
    r = refractory_steps();
    if (plus) V -= p.at("V_th") - p.at("E_L");
  }

  void step_hard(double z_in) {
    if (refractory_input && r > 0) kept += z_in * std::exp(-r * dt / p.at("tau_m"));
    if (r == 0) {
      integrate(1.0, z_in + kept);
      kept = 0.0;
      bound();
      if (adaptive) a = decay_of_adaptation() * a + z;
    } else {
      --r;
    }
    psi = surrogate();
    z = V >= threshold() ? 1.0 : 0.0;
    if (z == 0.0) return;
    r = refractory_steps();
    V = p.at("V_reset") - p.at("E_L");
  }

  [[nodiscard]] double surrogate() const {
    if (r > 0) return 0.0;
    const double x = std::abs(V - threshold()) / p.at("surrogate_gradient_width");
    const double h = p.at("surrogate_gradient_height");
    switch (function) {
      case SurrogateGradient::piecewise_linear:
        return h * std::max(0.0, 1.0 - x);
      case SurrogateGradient::exponential:
        return h * std::exp(-x);
      case SurrogateGradient::fast_sigmoid_derivative:
        return h * std::pow(1.0 + x, -2.0);
      case SurrogateGradient::arctan_derivative:
        return h / (1.0 + x * x);
    }
    return 0.0;
  }
};

}  // namespace eprop::testing
