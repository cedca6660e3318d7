#pragma once

#include "mpi_communicator.hpp"

namespace eprop::comm {

/// Initialises MPI with the settings that eprop needs; returns the level of thread support that it
/// grants. `argc` and `argv` may be null.
[[nodiscard]] int start_mpi(int* argc, char*** argv);

/// Throws CommError in one of the processes if they do not know of each other, and ends the others;
/// likewise if the level of thread support is too low.
void require_one_job(const MpiCommunicator& world, int thread_level);

}  // namespace eprop::comm
