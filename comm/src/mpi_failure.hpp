#pragma once

#include <chrono>
#include <string>

#include "mpi_calls.hpp"

namespace eprop::comm {

/// Ends an MPI job with one message, whichever ranks fail and whatever the others do.
///
/// If all ranks fail (they found the same fault) rank 0 prints and all exit. If only some do, after
/// a second, the lowest of them prints and aborts the job, which ends the others.
///
/// MPI is not finalised: HDF5 would close what is open in MPI_Finalize, and it crashes, or
/// complains at length, over a file that it could not write before.
class MpiFailure {
 public:
  explicit MpiFailure(MPI_Comm parent) : comm_(parent) {}

  [[noreturn]] void end_job(const std::string& message);

 private:
  [[nodiscard]] bool all_ranks_arrive(std::chrono::milliseconds limit);
  [[nodiscard]] bool lower_rank_fails();

  OwnedComm comm_;
};

}  // namespace eprop::comm
