#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace eprop::tools {

/// What is in an output file. Throws OutputError if something of it cannot be read, or if it is
/// another HDF5 file.
[[nodiscard]] nlohmann::ordered_json output_info(const std::string& path);

}  // namespace eprop::tools
