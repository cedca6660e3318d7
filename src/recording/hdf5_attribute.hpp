#pragma once

#include <hdf5.h>

#include <string>

#include "recording/hdf5_call.hpp"
#include "recording/hdf5_types.hpp"

namespace eprop::recording {

/// Gives the open `object` the attribute `name`, in place of one that it may have. `check` names
/// file and object.
void write_attribute(hid_t object, const std::string& name, const AttributeValue& value,
                     const Hdf5Check& check);

/// The text of an attribute that write_attribute() has written; empty if there is none.
[[nodiscard]] std::string read_text_attribute(hid_t object, const std::string& name,
                                              const Hdf5Check& check);

}  // namespace eprop::recording
