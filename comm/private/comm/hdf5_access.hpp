#pragma once

#include <hdf5.h>

#include <functional>
#include <string>
#include <vector>

#include "eprop/comm/communicator.hpp"

namespace eprop::comm {

/// Prepares `file_access` (an HDF5 file access property list) for the file `path` that all ranks of
/// `comm` open together, with collective metadata operations, and returns true; false, and nothing
/// done, if the ranks cannot share a file handle and rank 0 is to write for all: with serial and
/// thread communicators, and if `path` has a colon, since MPI may take what is before it for the
/// name of a kind of file system (ROMIO does).
[[nodiscard]] bool share_file_between_ranks(const Communicator& comm, const std::string& path,
                                            hid_t file_access);

/// A file that HDF5 has open.
struct OpenHdf5File {
  std::vector<hid_t> objects;  ///< all that are open of it, the file last
  bool shared = false;         ///< as share_file_between_ranks() has it
  /// Give up what is not written yet. HDF5 cannot be rid of a file to which it cannot write: it
  /// tries again and crashes when the process ends. So it writes into memory, and beyond limits on
  /// the size of files, while the file is closed.
  bool discard = false;
  /// Called when it is closed on all ranks that share it, and with what HDF5 says of that; throws
  /// nothing.
  std::function<void(bool closed)> then;
};

/// Closes the objects; what fails is not told. Collective over the ranks that share the file.
void close_hdf5_file(const OpenHdf5File& file) noexcept;

/// Leaves a shared file to close_what_is_left_open(), if the other ranks may not come to close it
/// now.
void leave_open(OpenHdf5File file);

/// Closes the files that have been left open; called by run_with_mpi() when all ranks have reached
/// the end, as MPI_Finalize() is too late for it. Collective over the ranks that share the files.
void close_what_is_left_open() noexcept;

}  // namespace eprop::comm
