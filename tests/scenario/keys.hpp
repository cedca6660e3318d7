#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "eprop/synapse_models.hpp"

namespace eprop::scenario {

/// Whether a scenario is of the bsshslm_2020 family; InvalidParameter if it is of none.
[[nodiscard]] bool by_interval(const nlohmann::json& scenario);

/// Throws InvalidParameter unless the objects of a scenario have the members that they need and no
/// others. Neuron parameters are left to set_parameter().
void check_keys(const nlohmann::json& scenario);

/// The optimizer of that name, with its default parameters; InvalidParameter if there is none.
[[nodiscard]] Optimizer optimizer_named(std::string_view type);

}  // namespace eprop::scenario
