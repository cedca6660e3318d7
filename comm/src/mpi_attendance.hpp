#pragma once

#include <cstdint>
#include <span>

#include "mpi_calls.hpp"
#include "operation.hpp"

namespace eprop::comm {

/// Waits for MPI operations, and throws instead of waiting for ever when a rank has left the job.
///
/// All ranks call the collective operations in the same order, so a rank's progress is the number
/// it has begun. A rank that leaves tells its progress to the next rank (cyclically); that rank, if
/// it waits in a later operation, or leaves with another progress, throws CommError.
/// One neighbour is enough. When all ranks that have not left wait for ever, the lowest progress is
/// that of ranks which left (an operation that all others have reached completes). Follow these
/// ranks upward to the first that is not one of them: it has more progress and was told.
class MpiAttendance {
 public:
  explicit MpiAttendance(MPI_Comm parent);
  ~MpiAttendance();
  MpiAttendance(const MpiAttendance&) = delete;
  MpiAttendance& operator=(const MpiAttendance&) = delete;

  /// To be called once per collective operation.
  void begin(Operation operation) {
    operation_ = operation;
    ++progress_;
  }

  /// Calls done() until it is true.
  template <class Done>
  void wait_until(Done&& done) {
    // A look at the neighbour costs as much as a poll; messages mostly arrive long before this.
    constexpr unsigned polls_between_looks = 1024;
    for (unsigned polls = 1; !done(); ++polls) {
      if (polls % polls_between_looks == 0) check_neighbour();
    }
  }

  void wait(MPI_Request& request);
  void wait_all(std::span<MPI_Request> requests);

  /// To be called by every rank when it needs no further operation. Throws CommError if ranks
  /// differ in their progress. Returns once all ranks have called it, so that no rank is in
  /// MPI_Finalize while another may still abort: mpirun (Open MPI 4.1) may crash or hang then.
  void leave();

 private:
  void check_neighbour();

  OwnedComm comm_;
  Operation operation_ = Operation::barrier;
  std::uint64_t progress_ = 0;
  int neighbour_ = 0;
  std::uint64_t neighbour_progress_ = 0;
  MPI_Request neighbour_note_ = MPI_REQUEST_NULL;
};

}  // namespace eprop::comm
