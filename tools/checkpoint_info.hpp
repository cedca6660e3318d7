#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace eprop::tools {

/// What is in a checkpoint. Throws CheckpointError if it is not whole.
[[nodiscard]] nlohmann::ordered_json checkpoint_info(const std::string& path);

}  // namespace eprop::tools
