#include <cstdlib>

#include "comm/hdf5_access.hpp"
#include "eprop/comm/errors.hpp"
#include "eprop/comm/launch.hpp"
#include "failure_report.hpp"
#include "mpi_communicator.hpp"
#include "mpi_start.hpp"

namespace eprop::comm {

namespace {

/// The level of thread support that MPI grants.
int initialize(int argc, char** argv) {
  if (mpi_has_begun()) throw CommError("run_with_mpi: MPI starts only once in a process");
  return start_mpi(&argc, &argv);
}

/// Returns the exit status.
int run_world(int thread_level, const RankMain& body) {
  MpiCommunicator world(MPI_COMM_WORLD);
  try {
    require_one_job(world, thread_level);
    body(world);
    world.leave();
    const bool reported = world.settle_reports();
    close_what_is_left_open();
    return reported ? EXIT_FAILURE : EXIT_SUCCESS;
  } catch (...) {
    world.fail(current_exception_message());
  }
}

}  // namespace

int run_with_mpi(int argc, char** argv, const RankMain& body) {
  const int thread_level = initialize(argc, argv);
  const int status = run_world(thread_level, body);
  check_mpi(MPI_Finalize(), "MPI_Finalize");
  return status;
}

}  // namespace eprop::comm
