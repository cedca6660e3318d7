#pragma once

#include <hdf5.h>

#include <span>
#include <string>

#include "eprop/comm/communicator.hpp"

namespace eprop::comm {

/// Prepares `file_access` (an HDF5 file access property list) for the file `path` that all ranks of
/// `comm` open together, with collective metadata operations, and returns true; false, and nothing
/// done, if the ranks cannot share a file handle and rank 0 is to write for all: with serial and
/// thread communicators, and if `path` has a colon, since MPI may take what is before it for the
/// name of a kind of file system (ROMIO does).
[[nodiscard]] bool share_file_between_ranks(const Communicator& comm, const std::string& path,
                                            hid_t file_access);

/// Makes HDF5 write to memory from now on what it writes to an open file, by putting another file
/// in the place of the one that its driver has. `shared` as share_file_between_ranks() has it. Does
/// what it can: without it HDF5 fails when it writes.
void divert_writes_to_memory(hid_t file, bool shared) noexcept;

/// Leaves HDF5 objects of a shared file, the file last, to run_with_mpi(), which closes them when
/// all ranks have done so and have reached the end: MPI_Finalize() is too late for it.
void close_when_job_ends(std::span<const hid_t> objects);

}  // namespace eprop::comm
