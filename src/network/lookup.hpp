#pragma once

#include "eprop/network.hpp"

namespace eprop::network {

/// What a handle stands for. InvalidParameter if the network has nothing of that index: the handle
/// is of another one.
[[nodiscard]] const Network::PopulationSpec& lookup(const Network& network, Population handle);
[[nodiscard]] const Network::ProjectionSpec& lookup(const Network& network, Projection handle);
[[nodiscard]] const Network::RateGeneratorSpec& lookup(const Network& network,
                                                       RateGenerator handle);

}  // namespace eprop::network
