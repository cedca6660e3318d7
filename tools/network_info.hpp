#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace eprop::tools {

/// The network that the lines of transfer::describe() tell of, without its parameters.
[[nodiscard]] nlohmann::ordered_json network_info(const std::vector<std::string>& description);

}  // namespace eprop::tools
