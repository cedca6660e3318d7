#pragma once

#include "eprop/network.hpp"
#include "eprop/step.hpp"

namespace eprop::testing {

/// Steps, of 1 ms, of an update interval of a small network.
inline constexpr Step small_interval = 20;

/// What a small network that learns by update intervals is made of.
struct SmallOptions {
  NetworkOptions network{
      .dt = 1.0, .seed = 3, .update_interval = small_interval, .learning_window = 15.0};
  std::uint32_t inputs = 6, neurons = 7, readouts = 3;
  double duration = 130.0;  ///< ms, of the input
  Optimizer optimizer = GradientDescent{.eta = 0.02};
};

/// Inputs, recurrent neurons and readouts, all connected to the next and the neurons to each other,
/// all synapses plastic. The neurons spike and the readouts err.
struct SmallNetwork {
  explicit SmallNetwork(const SmallOptions& options = {});

  Network network;
  Population in, rec, out;
  RateGenerator target;
  Projection in_rec, rec_rec, rec_out;
};

/// Spike trains of neurons that spike every few steps, each in its own rhythm.
[[nodiscard]] std::vector<std::vector<double>> rhythms(std::uint32_t neurons, double begin,
                                                       double end);

/// Everything at once: all models of the bsshslm_2020 family and one without plasticity, both kinds
/// of input, every connection rule, drawn parameters and weights, static synapses with long delays,
/// gradient descent and Adam in batches, several filters per neuron, two populations of readouts,
/// one of them with cross entropy.
[[nodiscard]] Network rich_network();

/// More neurons than a tile of synapses holds.
[[nodiscard]] Network wide_network();

}  // namespace eprop::testing
