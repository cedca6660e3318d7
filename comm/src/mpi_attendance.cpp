#include "mpi_attendance.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "eprop/comm/errors.hpp"

namespace eprop::comm {

namespace {

bool is_complete(MPI_Request& request) {
  int complete = 0;
  check_mpi(MPI_Test(&request, &complete, MPI_STATUS_IGNORE), "MPI_Test");
  return complete != 0;
}

/// Leaves the processor to other ranks, which may have much to do still.
void wait_idle(MPI_Request& request) {
  while (!is_complete(request)) std::this_thread::sleep_for(std::chrono::microseconds(100));
}

}  // namespace

MpiAttendance::MpiAttendance(MPI_Comm parent)
    : comm_(parent), neighbour_((comm_.rank() + comm_.size() - 1) % comm_.size()) {
  if (comm_.size() == 1) return;
  check_mpi(MPI_Irecv(&neighbour_progress_, 1, MPI_UINT64_T, neighbour_, 0, comm_.get(),
                      &neighbour_note_),
            "MPI_Irecv");
}

MpiAttendance::~MpiAttendance() {
  if (neighbour_note_ == MPI_REQUEST_NULL) return;
  MPI_Cancel(&neighbour_note_);
  MPI_Wait(&neighbour_note_, MPI_STATUS_IGNORE);
}

void MpiAttendance::wait(MPI_Request& request) { wait_all({&request, 1}); }

void MpiAttendance::wait_all(std::span<MPI_Request> requests) {
  if (requests.empty()) return;
  wait_until([&] {
    int done = 0;
    check_mpi(
        MPI_Testall(static_cast<int>(requests.size()), requests.data(), &done, MPI_STATUSES_IGNORE),
        "MPI_Testall");
    return done != 0;
  });
}

void MpiAttendance::check_neighbour() {
  if (comm_.size() == 1 || !is_complete(neighbour_note_) || neighbour_progress_ >= progress_) {
    return;
  }
  throw CommError(
      fmt::format("rank {} ended after {} collective operations while rank {} waits in its "
                  "operation {}, {}",
                  neighbour_, neighbour_progress_, comm_.rank(), progress_, name(operation_)));
}

void MpiAttendance::leave() {
  if (comm_.size() == 1) return;
  MPI_Request note = MPI_REQUEST_NULL;
  check_mpi(MPI_Isend(&progress_, 1, MPI_UINT64_T, (comm_.rank() + 1) % comm_.size(), 0,
                      comm_.get(), &note),
            "MPI_Isend");
  wait_idle(note);
  wait_idle(neighbour_note_);
  if (neighbour_progress_ != progress_) {
    throw CommError(fmt::format("rank {} ended after {} collective operations, rank {} after {}",
                                neighbour_, neighbour_progress_, comm_.rank(), progress_));
  }
  MPI_Request all_left = MPI_REQUEST_NULL;
  check_mpi(MPI_Ibarrier(comm_.get(), &all_left), "MPI_Ibarrier");
  wait_idle(all_left);
}

}  // namespace eprop::comm
