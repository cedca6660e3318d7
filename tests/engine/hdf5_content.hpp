#pragma once

#include <map>
#include <string>

namespace eprop::testing {

/// All that is in an HDF5 file: shape, type and bytes of every dataset and attribute ("OBJECT @
/// NAME"), by path; groups have empty content. For one rank at a time.
[[nodiscard]] std::map<std::string, std::string> hdf5_content(const std::string& path);

}  // namespace eprop::testing
