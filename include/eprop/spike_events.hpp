#pragma once

#include <cstdint>
#include <vector>

#include "eprop/step.hpp"

namespace eprop {

/// Spikes as events, in any order: of neuron neurons[i] in step steps[i]. Several of a neuron in a
/// step count once.
struct SpikeEvents {
  std::vector<Step> steps;
  std::vector<std::uint32_t> neurons;  ///< indices in their population

  bool operator==(const SpikeEvents&) const = default;
};

}  // namespace eprop
