#pragma once

#include <hdf5.h>

#include <cstdint>
#include <optional>
#include <string>

#include "recording/hdf5_call.hpp"
#include "recording/hdf5_types.hpp"

namespace eprop::recording {

/// Gives the open `object` the attribute `name`, in place of one that it may have. `check` names
/// file and object.
void write_attribute(hid_t object, const std::string& name, const AttributeValue& value,
                     const Hdf5Check& check);

/// The attribute of this name if it is one number of floating point.
[[nodiscard]] std::optional<double> read_number_attribute(hid_t object, const std::string& name,
                                                          const Hdf5Check& check);

/// What a dataset is to hold: the checksum() of its first rows. More may follow, if they were
/// written by a job that could not say so any more.
struct StoredChecksum {
  std::uint64_t rows;
  std::uint64_t sum;
};

void write_checksum(hid_t dataset, const StoredChecksum& checksum, const Hdf5Check& check);
/// Nothing if there is none, as in files of other programs.
[[nodiscard]] std::optional<StoredChecksum> read_checksum(hid_t dataset, const Hdf5Check& check);

}  // namespace eprop::recording
