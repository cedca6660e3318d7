#include "mpi_calls.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "eprop/comm/errors.hpp"

namespace eprop::comm {

void throw_mpi_error(int code, const char* call) {
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  MPI_Error_string(code, text.data(), &length);
  throw CommError(fmt::format("{} failed with MPI error {}: {}", call, code,
                              std::string_view(text.data(), static_cast<std::size_t>(length))));
}

bool mpi_has_begun() {
  int begun = 0;
  check_mpi(MPI_Initialized(&begun), "MPI_Initialized");
  return begun != 0;
}

bool mpi_has_ended() {
  int ended = 0;
  check_mpi(MPI_Finalized(&ended), "MPI_Finalized");
  return ended != 0;
}

OwnedComm::OwnedComm(MPI_Comm parent) {
  check_mpi(MPI_Comm_dup(parent, &comm_), "MPI_Comm_dup");
  prepare();
}

OwnedComm::OwnedComm(const OwnedComm& parent, int colour) {
  check_mpi(MPI_Comm_split(parent.get(), colour, parent.rank(), &comm_), "MPI_Comm_split");
  prepare();
}

void OwnedComm::prepare() {
  check_mpi(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  check_mpi(MPI_Comm_rank(comm_, &rank_), "MPI_Comm_rank");
  check_mpi(MPI_Comm_size(comm_, &size_), "MPI_Comm_size");
}

OwnedComm::~OwnedComm() {
  int ended = 0;
  MPI_Finalized(&ended);
  if (ended == 0) MPI_Comm_free(&comm_);
}

}  // namespace eprop::comm
