#pragma once

#include <hdf5.h>

#include <cstdint>
#include <string>

#include "recording/hdf5_call.hpp"

namespace eprop::recording {

/// The checksum() of rows first..last (without the last) of an open dataset of numbers of 4 or 8
/// bytes.
[[nodiscard]] std::uint64_t checksum_of_rows(hid_t dataset, std::uint64_t first, std::uint64_t last,
                                             const Hdf5Check& check);

/// Reads all numbers in an open file. OutputError names the first dataset that cannot be read or
/// has not the checksum that it says; where none is said, being read is enough. `file_name` is for
/// messages.
void verify(hid_t file, const std::string& file_name);

}  // namespace eprop::recording
