#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace eprop::tools {

/// An object as lines "NAME: VALUE" to read; a list of objects has a line for each.
[[nodiscard]] std::string readable(const nlohmann::ordered_json& object);

}  // namespace eprop::tools
