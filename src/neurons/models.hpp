#pragma once

#include "eprop/neuron_models.hpp"
#include "neurons/recurrent_block.hpp"

/// The one list of neuron dynamics.
namespace eprop::neurons {

/// The update of a model's blocks, chosen once when a block is built; in the file of its dynamics.
[[nodiscard]] RecurrentUpdate update_of(const EpropIafBsshslm2020& model);
[[nodiscard]] RecurrentUpdate update_of(const EpropIafAdaptBsshslm2020& model);
[[nodiscard]] RecurrentUpdate update_of(const EpropIaf& model);
[[nodiscard]] RecurrentUpdate update_of(const EpropIafAdapt& model);
[[nodiscard]] RecurrentUpdate update_of(const EpropIafPscDelta& model);
[[nodiscard]] RecurrentUpdate update_of(const EpropIafPscDeltaAdapt& model);
[[nodiscard]] RecurrentUpdate update_of(const IafPscDelta& model);

}  // namespace eprop::neurons
