#pragma once

#include "eprop/neuron_models.hpp"
#include "neurons/recurrent_block.hpp"

/// The one list of neuron dynamics: each model's update functions, chosen once when a block is
/// built.
namespace eprop::neurons {

[[nodiscard]] RecurrentUpdate update_iaf_bsshslm_2020(SurrogateGradient s, bool adaptive,
                                                      bool forced);
[[nodiscard]] RecurrentUpdate update_iaf(SurrogateGradient s, bool adaptive, bool forced);
[[nodiscard]] RecurrentUpdate update_iaf_psc_delta(SurrogateGradient s, bool adaptive, bool forced);
[[nodiscard]] RecurrentUpdate update_iaf_psc_delta_without_plasticity();

/// The update of a model's blocks; null for readouts.
[[nodiscard]] RecurrentUpdate select_update(const NeuronModel& model);

}  // namespace eprop::neurons
