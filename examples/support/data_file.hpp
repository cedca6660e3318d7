#pragma once

#include <filesystem>
#include <string>

namespace eprop::examples {

/// A file that comes with the programs, found from where the running one is, so that a tree can be
/// moved: in the folder data beside the programs of a build, or in the data folder of an
/// installation.
[[nodiscard]] std::string data_file(const std::string& name);

/// The same for programs in the folder `programs`.
[[nodiscard]] std::string data_file(const std::string& name, const std::filesystem::path& programs);

}  // namespace eprop::examples
