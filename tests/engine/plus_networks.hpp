#pragma once

#include "eprop/network.hpp"

/// Networks of the plus family.
namespace eprop::testing {

/// Everything at once: all models of the family and one without plasticity, both kinds of input,
/// drawn and shared parameters, gradient descent and Adam in batches, each step and each spike,
/// several populations of readouts, several delays, static synapses. Some sources are silent for
/// long.
[[nodiscard]] Network rich_plus_network();

/// More neurons than a tile of synapses holds.
[[nodiscard]] Network wide_plus_network();

/// Inputs onto neurons and readouts with a delay of two steps, which learn at each spike and at
/// each step.
struct PlusInputs {
  explicit PlusInputs(const std::vector<std::vector<double>>& trains);

  Network network;
  Population in, rec, out;
  Projection in_rec, in_out;
};

}  // namespace eprop::testing
