#include "mpi_communicator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <climits>

#include "eprop/comm/errors.hpp"
#include "failure_report.hpp"

namespace eprop::comm {

namespace {

constexpr int bulk_tag = 0;

/// use(offset, bytes) for the consecutive pieces of `total` bytes; none for an empty message.
template <class Use>
void for_each_piece(std::size_t total, std::size_t piece, Use&& use) {
  for (std::size_t offset = 0; offset < total; offset += piece) {
    use(offset, static_cast<int>(std::min(piece, total - offset)));
  }
}

}  // namespace

MpiCommunicator::MpiCommunicator(MPI_Comm parent, std::size_t piece)
    : comm_(parent), exchange_(parent), attendance_(parent), failure_(parent), piece_(piece) {
  if (piece == 0 || piece > INT_MAX) {
    throw CommError(fmt::format("pieces of {} bytes: must be from 1 to {}", piece, INT_MAX));
  }
}

MpiCommunicator::MpiCommunicator(const OwnedComm& part, MpiCommunicator& whole)
    : MpiCommunicator(part.get(), whole.piece_) {
  whole_ = &whole;
}

std::unique_ptr<Communicator> MpiCommunicator::split(int colour) {
  require_colour(colour);
  barrier();  // which notices ranks that call something else
  return std::make_unique<MpiCommunicator>(OwnedComm(comm_, colour), *this);
}

void MpiCommunicator::fail(const std::string& message) {
  if (whole_ != nullptr) whole_->fail(message);
  failure_.end_job(message);
}

void MpiCommunicator::meet(Operation operation, std::size_t bytes, int root) {
  attendance_.begin(operation);
  // The minima of a value and of its negative are its range over the ranks.
  const std::array<std::int64_t, 3> mine{static_cast<std::int64_t>(operation),
                                         static_cast<std::int64_t>(bytes), root};
  const std::array<std::int64_t, 6> send{mine[0], -mine[0], mine[1], -mine[1], mine[2], -mine[2]};
  std::array<std::int64_t, 6> min{};
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Iallreduce(send.data(), min.data(), static_cast<int>(send.size()), MPI_INT64_T,
                           MPI_MIN, comm_.get(), &request),
            "MPI_Iallreduce");
  attendance_.wait(request);

  if (min[0] != -min[1]) {
    throw CommError(fmt::format("ranks call different operations: {} and {}",
                                name(static_cast<Operation>(min[0])),
                                name(static_cast<Operation>(-min[1]))));
  }
  if (min[2] != -min[3]) {
    throw CommError(fmt::format("{}: ranks pass from {} to {} bytes; all must pass as many",
                                name(operation), min[2], -min[3]));
  }
  if (min[4] != -min[5]) {
    throw CommError(fmt::format("{}: ranks name roots from {} to {}; all must name the same",
                                name(operation), min[4], -min[5]));
  }
}

void MpiCommunicator::barrier() { meet(Operation::barrier, 0, 0); }

void MpiCommunicator::broadcast(std::span<std::byte> data, int root) {
  require_root(Operation::broadcast, root, size());
  meet(Operation::broadcast, data.size(), root);
  broadcast_pieces(data, root);
}

void MpiCommunicator::all_gather(std::span<const std::byte> mine, std::span<std::byte> all) {
  require_gathered_size(mine.size(), all.size(), size());
  meet(Operation::all_gather, mine.size(), 0);
  if (all.size() <= piece_) {
    const int n = static_cast<int>(mine.size());
    MPI_Request request = MPI_REQUEST_NULL;
    check_mpi(
        MPI_Iallgather(mine.data(), n, MPI_BYTE, all.data(), n, MPI_BYTE, comm_.get(), &request),
        "MPI_Iallgather");
    attendance_.wait(request);
    return;
  }
  const auto part = [&](int r) {
    return all.subspan(static_cast<std::size_t>(r) * mine.size(), mine.size());
  };
  std::ranges::copy(mine, part(rank()).begin());
  for (int r = 0; r < size(); ++r) broadcast_pieces(part(r), r);
}

std::vector<Bytes> MpiCommunicator::gather(std::span<const std::byte> mine, int root) {
  require_root(Operation::gather, root, size());
  meet(Operation::gather, 0, root);
  const auto n_parts = static_cast<std::size_t>(rank() == root ? size() : 0);
  const std::uint64_t my_size = mine.size();
  std::vector<std::uint64_t> sizes(n_parts);
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Igather(&my_size, 1, MPI_UINT64_T, sizes.data(), 1, MPI_UINT64_T, root, comm_.get(),
                        &request),
            "MPI_Igather");
  attendance_.wait(request);

  std::vector<Bytes> all(n_parts);
  if (rank() != root) post_send(mine, root, bulk_tag, comm_.get());
  for (std::size_t r = 0; r < n_parts; ++r) {
    if (static_cast<int>(r) == root) {
      all[r].assign(mine.begin(), mine.end());
    } else {
      all[r].resize(sizes[r]);
      post_receive(all[r], static_cast<int>(r), bulk_tag, comm_.get());
    }
  }
  finish_requests();
  return all;
}

std::vector<Bytes> MpiCommunicator::all_to_all(const std::vector<Bytes>& to) {
  require_one_per_rank(to.size(), size());
  meet(Operation::all_to_all, 0, 0);
  std::vector<std::uint64_t> send_sizes;
  send_sizes.reserve(to.size());
  for (const Bytes& message : to) send_sizes.push_back(message.size());
  std::vector<std::uint64_t> receive_sizes(to.size());
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Ialltoall(send_sizes.data(), 1, MPI_UINT64_T, receive_sizes.data(), 1, MPI_UINT64_T,
                          comm_.get(), &request),
            "MPI_Ialltoall");
  attendance_.wait(request);

  std::vector<Bytes> in(to.size());
  for (int r = 0; r < size(); ++r) {
    const auto i = static_cast<std::size_t>(r);
    if (r == rank()) {
      in[i] = to[i];
      continue;
    }
    in[i].resize(receive_sizes[i]);
    post_receive(in[i], r, bulk_tag, comm_.get());
    post_send(to[i], r, bulk_tag, comm_.get());
  }
  finish_requests();
  return in;
}

void MpiCommunicator::broadcast_pieces(std::span<std::byte> data, int root) {
  for_each_piece(data.size(), piece_, [&](std::size_t offset, int n) {
    MPI_Request request = MPI_REQUEST_NULL;
    check_mpi(MPI_Ibcast(data.data() + offset, n, MPI_BYTE, root, comm_.get(), &request),
              "MPI_Ibcast");
    attendance_.wait(request);
  });
}

void MpiCommunicator::post_send(std::span<const std::byte> data, int to, int tag, MPI_Comm comm) {
  for_each_piece(data.size(), piece_, [&](std::size_t offset, int n) {
    check_mpi(
        MPI_Isend(data.data() + offset, n, MPI_BYTE, to, tag, comm, &requests_.emplace_back()),
        "MPI_Isend");
  });
}

void MpiCommunicator::post_receive(std::span<std::byte> data, int from, int tag, MPI_Comm comm) {
  for_each_piece(data.size(), piece_, [&](std::size_t offset, int n) {
    check_mpi(
        MPI_Irecv(data.data() + offset, n, MPI_BYTE, from, tag, comm, &requests_.emplace_back()),
        "MPI_Irecv");
  });
}

void MpiCommunicator::report(const std::string& message) {
  if (whole_ != nullptr) {
    whole_->report(message);
    return;
  }
  if (rank() == 0) print_error(message);
  if (reported_.empty()) reported_ = message;
}

bool MpiCommunicator::settle_reports() {
  const int mine = reported_.empty() ? size() : rank();
  int first = size();
  check_mpi(MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, comm_.get()), "MPI_Allreduce");
  if (first == rank() && first != 0) print_error(fmt::format("rank {}: {}", first, reported_));
  return first < size();
}

void MpiCommunicator::finish_requests() {
  attendance_.wait_all(requests_);
  requests_.clear();
}

}  // namespace eprop::comm
