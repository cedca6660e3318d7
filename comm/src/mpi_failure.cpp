#include "mpi_failure.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>
#include <vector>

#include "failure_report.hpp"

// The job is ending: errors of MPI are of no interest any more, only time limits.
namespace eprop::comm {

namespace {

using std::chrono::milliseconds;

/// Time for all ranks to find the same fault.
constexpr milliseconds symmetric_wait{1000};
/// Time for failing ranks to hear of each other, and for an abort to reach the others.
constexpr milliseconds election_wait{300};
/// Time for all ranks to hear that rank 0 has printed.
constexpr milliseconds print_wait{1000};

template <class Done>
[[nodiscard]] bool becomes_true(milliseconds limit, Done&& done) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  return true;
}

}  // namespace

bool MpiFailure::all_ranks_arrive(std::chrono::milliseconds limit) {
  MPI_Request barrier = MPI_REQUEST_NULL;
  MPI_Ibarrier(comm_.get(), &barrier);
  return becomes_true(limit, [&] {
    int done = 0;
    MPI_Test(&barrier, &done, MPI_STATUS_IGNORE);
    return done != 0;
  });
}

bool MpiFailure::lower_rank_fails() {
  std::vector<MPI_Request> notes;
  for (int r = comm_.rank() + 1; r < comm_.size(); ++r) {
    MPI_Isend(nullptr, 0, MPI_BYTE, r, 0, comm_.get(), &notes.emplace_back());
  }
  return becomes_true(election_wait, [&] {
    int found = 0;
    MPI_Iprobe(MPI_ANY_SOURCE, 0, comm_.get(), &found, MPI_STATUS_IGNORE);
    return found != 0;
  });
}

void MpiFailure::end_job(const std::string& message) {
  if (all_ranks_arrive(symmetric_wait)) {
    if (comm_.rank() == 0) print_error(message);
    // As soon as one exits, mpirun ends the others. Should they not meet, they end all the same.
    static_cast<void>(all_ranks_arrive(print_wait));
    exit_failed();
  }
  // The lower rank is to print and abort; should it die before, this one does.
  if (lower_rank_fails()) std::this_thread::sleep_for(2 * election_wait);
  print_error(fmt::format("rank {}: {}", comm_.rank(), message));
  MPI_Abort(MPI_COMM_WORLD, 1);
  exit_failed();
}

}  // namespace eprop::comm
