#pragma once

#include <array>
#include <cmath>
#include <cstdint>

#include "plasticity/optimizer.hpp"

/// What each optimizer does with a synapse. Nothing else asks which optimizer it is.
namespace eprop::plasticity {

/// Of every optimizer O:
///
/// - columns: its state per synapse. step(), rests() and Rest get these values, in this order, and
///   no others
/// - moves_without_gradient: see OptimizerParameters; if not, there are no rests() and Rest
/// - rate(o, eta, n): Rate::corrected of the n-th optimization
/// - OptimizerRule(o, rate) and step(w, g, state...): one optimization with the mean gradient g
/// - rests(state...): what optimizations without gradients do from now on has a closed form,
/// - Rest(o, eta, k)(w, state...): that of k of them
template <class O>
struct OptimizerRule;

template <>
struct OptimizerRule<GradientDescent> {
  static constexpr std::array<StateColumn, 0> columns{};
  static constexpr bool moves_without_gradient = false;
  static double rate(const GradientDescent&, double eta, std::int64_t) { return eta; }

  OptimizerRule(const GradientDescent&, const Rate& rate) : eta(rate.corrected) {}
  void step(double& w, double g) const { w -= eta * g; }

  double eta;
};

template <>
struct OptimizerRule<Adam> {
  static constexpr std::array<StateColumn, 2> columns{
      {{.member = &synapses::SynapseTile::m},
       {.member = &synapses::SynapseTile::v, .divides = true}}};
  static constexpr bool moves_without_gradient = true;
  /// With the corrections of the moments' bias.
  static double rate(const Adam& o, double eta, std::int64_t n) {
    const auto power = static_cast<double>(n);
    return eta * std::sqrt(1.0 - std::pow(o.beta_2, power)) / (1.0 - std::pow(o.beta_1, power));
  }

  OptimizerRule(const Adam& o, const Rate& rate)
      : b1(o.beta_1), b2(o.beta_2), epsilon(o.epsilon), eta(rate.corrected) {}
  void step(double& w, double g, double& m, double& v) const {
    m = b1 * m + (1.0 - b1) * g;
    v = b2 * v + (1.0 - b2) * g * g;
    w -= eta * m / (std::sqrt(v) + epsilon);
  }

  static bool rests(double m, double) { return m == 0.0; }
  struct Rest {
    Rest(const Adam& o, double, std::int64_t k)
        : power(std::pow(o.beta_2, static_cast<double>(k))) {}
    void operator()(double&, double&, double& v) const { v *= power; }
    double power;
  };

  double b1, b2, epsilon, eta;
};

template <>
struct OptimizerRule<RmsProp> {
  static constexpr std::array<StateColumn, 1> columns{
      {{.member = &synapses::SynapseTile::v, .divides = true}}};
  static constexpr bool moves_without_gradient = true;
  static double rate(const RmsProp&, double eta, std::int64_t) { return eta; }

  OptimizerRule(const RmsProp& o, const Rate& rate)
      : rho(o.rho), epsilon(o.epsilon), eta(rate.corrected) {}
  void step(double& w, double g, double& v) const {
    v = rho * v + (1.0 - rho) * g * g;
    w -= eta * g / (std::sqrt(v) + epsilon);
  }

  static bool rests(double) { return true; }
  struct Rest {
    Rest(const RmsProp& o, double, std::int64_t k)
        : power(std::pow(o.rho, static_cast<double>(k))) {}
    void operator()(double&, double& v) const { v *= power; }
    double power;
  };

  double rho, epsilon, eta;
};

template <>
struct OptimizerRule<Momentum> {
  static constexpr std::array<StateColumn, 1> columns{{{.member = &synapses::SynapseTile::m}}};
  static constexpr bool moves_without_gradient = true;
  static double rate(const Momentum&, double eta, std::int64_t) { return eta; }

  OptimizerRule(const Momentum& o, const Rate& rate) : mu(o.mu), eta(rate.corrected) {}
  void step(double& w, double g, double& m) const {
    m = mu * m + g;
    w -= eta * m;
  }

  static bool rests(double) { return true; }
  struct Rest {
    /// The path is mu + mu^2 + ... + mu^k; expm1 keeps its digits where mu is near to one.
    Rest(const Momentum& o, double eta_now, std::int64_t k)
        : power(std::pow(o.mu, static_cast<double>(k))),
          path(eta_now * o.mu * std::expm1(static_cast<double>(k) * std::log(o.mu)) /
               (o.mu - 1.0)) {}
    void operator()(double& w, double& m) const {
      w -= path * m;
      m *= power;
    }
    double power, path;
  };

  double mu, eta;
};

template <>
struct OptimizerRule<AdamW> : OptimizerRule<Adam> {
  OptimizerRule(const AdamW& o, const Rate& rate)
      : OptimizerRule<Adam>(o, rate), kept(1.0 - rate.eta * o.weight_decay) {}
  void step(double& w, double g, double& m, double& v) const {
    w *= kept;
    OptimizerRule<Adam>::step(w, g, m, v);
  }

  struct Rest : OptimizerRule<Adam>::Rest {
    Rest(const AdamW& o, double eta_now, std::int64_t k)
        : OptimizerRule<Adam>::Rest(o, eta_now, k),
          kept(std::pow(1.0 - eta_now * o.weight_decay, static_cast<double>(k))) {}
    void operator()(double& w, double& m, double& v) const {
      w *= kept;
      OptimizerRule<Adam>::Rest::operator()(w, m, v);
    }
    double kept;
  };

  double kept;
};

}  // namespace eprop::plasticity
