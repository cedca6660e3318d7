#pragma once

#include <cstdint>
#include <string_view>

#include "eprop/network.hpp"

namespace eprop::network {

/// Checks every parameter of every neuron of population number `index`, drawn values included.
/// Throws InvalidParameter.
void check_neurons(std::string_view population, std::uint32_t index, std::uint32_t size,
                   const NeuronModel& model, const NetworkOptions& options);

}  // namespace eprop::network
