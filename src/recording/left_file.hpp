#pragma once

#include <string>

namespace eprop::recording {

/// The text of an attribute of the group or dataset `object` in a file that another run has left;
/// empty if there is none. Changes nothing in the file. OutputError unless it is an HDF5 file, or
/// DamagedOutput if it is one that was broken off: empty, not to be opened, or without any object.
[[nodiscard]] std::string text_in_left_file(const std::string& path, const std::string& object,
                                            const std::string& attribute);

}  // namespace eprop::recording
