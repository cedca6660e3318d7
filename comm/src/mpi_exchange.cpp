// MpiCommunicator::exchange(), once per minimum-delay interval: one message per neighbour, found by
// a matched probe since its size is known to the sender only, and no allocation once the buffers
// have grown.

#include "mpi_communicator.hpp"

namespace eprop::comm {

namespace {

// Of the messages between two ranks on the exchange's communicator, which arrive in order: a whole
// message, or the length of one that is longer than a piece, followed by its pieces.
constexpr int whole_tag = 0;
constexpr int length_tag = 1;
constexpr int piece_tag = 2;

}  // namespace

void MpiCommunicator::exchange(std::span<const int> to, std::span<const Bytes> out,
                               std::span<const int> from, std::span<Bytes> in) {
  require_peers("to", to, out.size(), rank(), size());
  require_peers("from", from, in.size(), rank(), size());
  attendance_.begin(Operation::exchange);
  announced_.resize(to.size());
  for (std::size_t i = 0; i < to.size(); ++i) post_message(out[i], to[i], announced_[i]);
  for (std::size_t i = 0; i < from.size(); ++i) receive_message(from[i], in[i]);
  finish_requests();
}

void MpiCommunicator::post_message(const Bytes& message, int to, std::uint64_t& announced) {
  if (message.size() <= piece_) {
    check_mpi(MPI_Isend(message.data(), static_cast<int>(message.size()), MPI_BYTE, to, whole_tag,
                        exchange_.get(), &requests_.emplace_back()),
              "MPI_Isend");
    return;
  }
  announced = message.size();
  check_mpi(MPI_Isend(&announced, 1, MPI_UINT64_T, to, length_tag, exchange_.get(),
                      &requests_.emplace_back()),
            "MPI_Isend");
  post_send(message, to, piece_tag, exchange_.get());
}

void MpiCommunicator::receive_message(int from, Bytes& message) {
  MPI_Message handle = MPI_MESSAGE_NULL;
  MPI_Status status;
  attendance_.wait_until([&] {
    int found = 0;
    check_mpi(MPI_Improbe(from, MPI_ANY_TAG, exchange_.get(), &found, &handle, &status),
              "MPI_Improbe");
    return found != 0;
  });

  if (status.MPI_TAG == whole_tag) {
    int n = 0;
    check_mpi(MPI_Get_count(&status, MPI_BYTE, &n), "MPI_Get_count");
    message.resize(static_cast<std::size_t>(n));
    check_mpi(MPI_Mrecv(message.data(), n, MPI_BYTE, &handle, MPI_STATUS_IGNORE), "MPI_Mrecv");
    return;
  }
  std::uint64_t length = 0;
  check_mpi(MPI_Mrecv(&length, 1, MPI_UINT64_T, &handle, MPI_STATUS_IGNORE), "MPI_Mrecv");
  message.resize(length);
  post_receive(message, from, piece_tag, exchange_.get());
}

}  // namespace eprop::comm
