#pragma once

#include <optional>
#include <string>

namespace eprop::recording {

/// The number that an attribute of the group or dataset `object` holds in a file that another run
/// has left; nothing if there is none. Changes nothing in the file. OutputError unless it is an
/// HDF5 file, or DamagedOutput if it is one that was broken off: empty, not to be opened, or
/// without any object. No text is read: HDF5 keeps texts where damage to them can end the program.
[[nodiscard]] std::optional<double> number_in_left_file(const std::string& path,
                                                        const std::string& object,
                                                        const std::string& attribute);

/// Reads all of it: DamagedOutput if that fails, or if values are not those that were written.
void verify_left_file(const std::string& path);

}  // namespace eprop::recording
