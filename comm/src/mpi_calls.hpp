#pragma once

#include <mpi.h>

namespace eprop::comm {

/// Throws CommError with MPI's explanation of `code`.
[[noreturn]] void throw_mpi_error(int code, const char* call);

/// Throws CommError unless `code`, returned by the MPI function `call`, is MPI_SUCCESS.
inline void check_mpi(int code, const char* call) {
  if (code != MPI_SUCCESS) throw_mpi_error(code, call);
}

/// Whether MPI has been initialised, and whether it has been finalised.
[[nodiscard]] bool mpi_has_begun();
[[nodiscard]] bool mpi_has_ended();

/// A communicator of one's own, whose messages meet no others. It returns errors instead of
/// aborting. Made and destroyed collectively; MPI_Finalize frees those that are destroyed later.
class OwnedComm {
 public:
  /// A duplicate.
  explicit OwnedComm(MPI_Comm parent);
  /// Of the ranks of `parent` that pass the same colour, in order.
  OwnedComm(const OwnedComm& parent, int colour);
  ~OwnedComm();
  OwnedComm(const OwnedComm&) = delete;
  OwnedComm& operator=(const OwnedComm&) = delete;

  [[nodiscard]] MPI_Comm get() const { return comm_; }
  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int size() const { return size_; }

 private:
  void prepare();

  MPI_Comm comm_ = MPI_COMM_NULL;
  int rank_ = 0;
  int size_ = 1;
};

}  // namespace eprop::comm
