#pragma once

#include <concepts>

#include "eprop/neuron_models.hpp"
#include "neurons/recurrent_block.hpp"
#include "neurons/surrogate_gradient.hpp"

namespace eprop::neurons {

/// The update of a model's blocks by what is the same for all of its neurons:
/// updates.operator()<S, adaptive, forced>(), `forced` being for ignore_and_spike.
template <std::derived_from<EpropNeuron> Model, class Updates>
RecurrentUpdate choose_update(const Model& model, Updates updates) {
  constexpr bool adaptive = std::derived_from<Model, Adaptation>;
  return dispatch(model.surrogate_gradient_function, [&]<SurrogateGradient S>() {
    return dispatch(model.ignore_and_spike, [&]<bool forced>() -> RecurrentUpdate {
      return updates.template operator()<S, adaptive, forced>();
    });
  });
}

}  // namespace eprop::neurons
