#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace eprop::scenario {

/// Whether a scenario is of the bsshslm_2020 family; InvalidParameter if it is of none.
[[nodiscard]] bool by_interval(const nlohmann::json& scenario);

/// Throws InvalidParameter unless the objects of a scenario have the members that they need and no
/// others. Neuron parameters are left to set_parameter().
void check_keys(const nlohmann::json& scenario);

/// Whether an optimizer is Adam; InvalidParameter if it is no optimizer there is.
[[nodiscard]] bool is_adam(std::string_view optimizer_type);

}  // namespace eprop::scenario
