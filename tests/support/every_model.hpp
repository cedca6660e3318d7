#pragma once

#include <utility>
#include <vector>

#include "eprop/neuron_models.hpp"

namespace eprop::testing {

/// All neuron models there are, with their defaults.
inline std::vector<NeuronModel> every_model() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return std::vector<NeuronModel>{NeuronModel(std::in_place_index<I>)...};
  }
  (std::make_index_sequence<std::variant_size_v<NeuronModel>>());
}

}  // namespace eprop::testing
