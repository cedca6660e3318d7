#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "eprop/value.hpp"

/// Parameters of synapses and weight optimizers. Rules are checked when a projection is added to a
/// Network. A delay that is not given is one step, whatever dt is.
namespace eprop {

/// What all optimizers have, and W <- W - eta g.
struct GradientDescent {
  static constexpr std::string_view name = "gradient_descent";
  std::int64_t batch_size = 1;  ///< gradients summed, then divided by this, >= 1
  double eta = 1e-4;            ///< learning rate, >= 0
  double Wmin = -100.0;         ///< pA, <= Wmax
  double Wmax = 100.0;          ///< pA
};

/// Kingma & Ba (2015): m, v moments of the gradient; W <- W - eta sqrt(1-b2^n)/(1-b1^n)
/// m/(sqrt(v)+epsilon)
struct Adam : GradientDescent {
  static constexpr std::string_view name = "adam";
  double beta_1 = 0.9;    ///< in [0, 1)
  double beta_2 = 0.999;  ///< in [0, 1)
  double epsilon = 1e-7;  ///< >= 0
};

/// Tieleman & Hinton (2012): v mean of squared gradients; W <- W - eta g/(sqrt(v)+epsilon)
struct RmsProp : GradientDescent {
  static constexpr std::string_view name = "rmsprop";
  double rho = 0.9;       ///< decay of v per optimization, in [0, 1)
  double epsilon = 1e-7;  ///< > 0
};

/// Polyak (1964), Sutskever et al. (2013): velocity m <- mu m + g; W <- W - eta m
struct Momentum : GradientDescent {
  static constexpr std::string_view name = "momentum";
  double mu = 0.9;  ///< in [0, 1)
};

/// Loshchilov & Hutter (2019), algorithm 2 with alpha = 1: W <- W - eta weight_decay W with every
/// optimization, then as Adam
struct AdamW : Adam {
  static constexpr std::string_view name = "adamw";
  double weight_decay = 0.01;  ///< >= 0
};

using Optimizer = std::variant<GradientDescent, Adam, RmsProp, Momentum, AdamW>;

/// No plasticity. Any delay of at least one step; one step from recurrent neurons of the
/// bsshslm_2020 family to its readouts.
struct StaticSynapse {
  Value weight = 1.0;           ///< pA
  std::optional<double> delay;  ///< ms, one for the projection
};

/// Learns at the end of each update interval (Bellec et al. 2020). Delay of one step.
struct EpropSynapseBsshslm2020 {
  Value weight = 1.0;             ///< pA, within [Wmin, Wmax]
  std::optional<double> delay;    ///< ms, one step
  double tau_m_readout = 10.0;    ///< ms, > 0: low-pass filter of the eligibility trace
  bool average_gradient = false;  ///< divide the gradient by the learning window's steps
  Optimizer optimizer = GradientDescent{};
};

/// Learns whenever it transmits (Korcsak-Gorzo et al. 2025). All projections from neurons to
/// readouts whose learning signals they receive must have the same delay; a Simulation checks that.
struct EpropSynapse {
  Value weight = 1.0;           ///< pA, within [Wmin, Wmax]
  std::optional<double> delay;  ///< ms, one for the projection
  bool optimize_each_step =
      true;  ///< one optimization per step since the last spike, or one with their sum
  Optimizer optimizer = GradientDescent{};
};

using SynapseModel = std::variant<StaticSynapse, EpropSynapseBsshslm2020, EpropSynapse>;

}  // namespace eprop
