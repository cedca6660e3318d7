#pragma once

#include <hdf5.h>

#include "comm/communicator.hpp"

namespace eprop::comm {

/// Prepares `file_access` (an HDF5 file access property list) for a file that all ranks of `comm`
/// open together, with collective metadata operations, and returns true; false, and nothing done,
/// if the ranks cannot share a file handle (serial and thread communicators: there rank 0 is to
/// write for all).
[[nodiscard]] bool share_file_between_ranks(const Communicator& comm, hid_t file_access);

}  // namespace eprop::comm
