#pragma once

#include <string>

#include "mpi_calls.hpp"

namespace eprop::comm {

/// Ends an MPI job with one message, whichever ranks fail and whatever the others do.
///
/// If all ranks fail (they found the same fault) rank 0 prints and MPI is finalised in order. If
/// only some do, after a second, the lowest of them prints and aborts the job, which ends the
/// others.
class MpiFailure {
 public:
  explicit MpiFailure(MPI_Comm parent) : comm_(parent) {}

  [[noreturn]] void end_job(const std::string& message);

 private:
  [[nodiscard]] bool all_ranks_fail();
  [[nodiscard]] bool lower_rank_fails();

  OwnedComm comm_;
};

}  // namespace eprop::comm
