#pragma once

#include <cstdint>
#include <string_view>

#include "eprop/value.hpp"

namespace eprop::network {

/// Refuses arrays that do not have one value for each of `size` neurons, and distributions that
/// cannot be drawn from.
void check_shape(std::string_view thing, std::string_view parameter, std::string_view unit,
                 const Value& value, std::uint32_t size);

}  // namespace eprop::network
