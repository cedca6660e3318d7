#pragma once

#include <memory>
#include <optional>

#include "eprop/comm/communicator.hpp"

/// MPI in a process that has a main() of its own, such as that of Python: what run_with_mpi() does
/// before and after its body. By one thread of the process.
namespace eprop::comm {

/// What a launcher (mpirun, srun, ...) says of a process: that it is one of so many.
struct LaunchedRank {
  int rank = 0;
  int ranks = 1;
};

/// Nothing unless a launcher says that it has started this process as one of several.
[[nodiscard]] std::optional<LaunchedRank> launched_rank();

/// Whether ranks are to be expected: a launcher says so, or somebody has initialised MPI and it has
/// several.
[[nodiscard]] bool is_mpi_job();

/// The ranks of MPI_COMM_WORLD. Collective. Initialises MPI (MPI_THREAD_FUNNELED) if nobody has.
/// CommError if MPI has ended, and as run_with_mpi() refuses processes that MPI does not connect.
[[nodiscard]] std::shared_ptr<Communicator> join_world();

/// The ranks of the MPI_Comm that `mpi_comm` points to, of somebody who has initialised MPI, in a
/// communicator of their own. Collective over these. CommError if there is no such communicator.
[[nodiscard]] std::shared_ptr<Communicator> adopt_mpi(const void* mpi_comm);

/// Collective over the ranks of what join_world() and adopt_mpi() have given, when a process ends:
/// waits for all ranks (CommError if some call other operations than others), and finalises MPI if
/// it was initialised here. Whatever of these communicators there still is may only be destroyed
/// then. False after Communicator::report().
[[nodiscard]] bool leave_mpi();

}  // namespace eprop::comm
