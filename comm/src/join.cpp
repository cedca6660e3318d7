#include "eprop/comm/join.hpp"

#include <algorithm>
#include <vector>

#include "comm/hdf5_access.hpp"
#include "eprop/comm/errors.hpp"
#include "mpi_communicator.hpp"
#include "mpi_start.hpp"

namespace eprop::comm {

namespace {

/// Of this process; MPI knows but one start and one end.
struct Membership {
  bool started_here = false;
  std::vector<std::weak_ptr<MpiCommunicator>> communicators;  ///< in the order in which made
};

Membership& membership() {
  static Membership one;
  return one;
}

std::shared_ptr<MpiCommunicator> enter(MPI_Comm parent) {
  auto communicator = std::make_shared<MpiCommunicator>(parent);
  membership().communicators.push_back(communicator);
  return communicator;
}

void require_running() {
  if (mpi_has_ended()) throw CommError("MPI has been finalised, and starts only once in a process");
}

/// MPI's level of thread support, after starting it if nobody has.
int thread_level() {
  if (!mpi_has_begun()) {
    membership().started_here = true;
    return start_mpi(nullptr, nullptr);
  }
  int level = MPI_THREAD_SINGLE;
  check_mpi(MPI_Query_thread(&level), "MPI_Query_thread");
  return level;
}

}  // namespace

bool is_mpi_job() {
  if (launched_rank()) return true;
  if (!mpi_has_begun() || mpi_has_ended()) return false;
  int size = 1;
  check_mpi(MPI_Comm_size(MPI_COMM_WORLD, &size), "MPI_Comm_size");
  return size > 1;
}

std::shared_ptr<Communicator> join_world() {
  require_running();
  const int level = thread_level();
  auto world = enter(MPI_COMM_WORLD);
  require_one_job(*world, level);
  return world;
}

std::shared_ptr<Communicator> adopt_mpi(const void* mpi_comm) {
  require_running();
  if (mpi_comm == nullptr || !mpi_has_begun()) throw CommError("there is no MPI communicator");
  const MPI_Comm parent = *static_cast<const MPI_Comm*>(mpi_comm);
  if (parent == MPI_COMM_NULL) throw CommError("the communicator is MPI_COMM_NULL");
  return enter(parent);
}

bool leave_mpi() {
  if (!mpi_has_begun() || mpi_has_ended()) return true;
  std::vector<std::shared_ptr<MpiCommunicator>> left;
  for (const auto& communicator : membership().communicators) {
    if (auto living = communicator.lock()) left.push_back(std::move(living));
  }
  bool reported = false;
  for (const auto& communicator : left) {
    communicator->leave();
    reported = communicator->settle_reports() || reported;
  }
  close_what_is_left_open();
  membership().communicators.clear();
  if (membership().started_here) check_mpi(MPI_Finalize(), "MPI_Finalize");
  return !reported;
}

}  // namespace eprop::comm
