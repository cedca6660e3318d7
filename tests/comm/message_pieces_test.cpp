// Messages longer than what one MPI call can count, with the limit set low.

#include "distributed_test.hpp"
#include "eprop/comm/errors.hpp"
#include "message_patterns.hpp"
#include "mpi_communicator.hpp"

namespace {

using eprop::comm::Bytes;
using eprop::comm::CommError;
using eprop::comm::MpiCommunicator;
using eprop::testing::message;
using eprop::testing::others;

constexpr std::size_t piece = 100;
constexpr std::size_t sizes[] = {0, 1, 99, 100, 101, 199, 200, 201, 12'345};

DISTRIBUTED_TEST(MessagePieces, BroadcastIsWhole, RANKS(2, 3, 4)) {
  MpiCommunicator small(MPI_COMM_WORLD, piece);
  for (const std::size_t n : sizes) {
    Bytes data = message(n, comm.rank(), 0);
    small.broadcast(data, 1);
    EXPECT_EQ(data, message(n, 1, 0));
  }
}

DISTRIBUTED_TEST(MessagePieces, AllGatherIsWhole, RANKS(1, 2, 3, 4)) {
  MpiCommunicator small(MPI_COMM_WORLD, piece);
  for (const std::size_t n : sizes) {
    Bytes expected;
    for (int r = 0; r < comm.size(); ++r) {
      const Bytes part = message(n, r, 0);
      expected.insert(expected.end(), part.begin(), part.end());
    }
    Bytes all(expected.size());
    small.all_gather(message(n, comm.rank(), 0), all);
    EXPECT_EQ(all, expected);
  }
}

DISTRIBUTED_TEST(MessagePieces, GatherIsWhole, RANKS(1, 2, 3, 4)) {
  MpiCommunicator small(MPI_COMM_WORLD, piece);
  for (const std::size_t n : sizes) {
    const auto all = small.gather(message(n, comm.rank(), 0), 0);
    for (std::size_t r = 0; r < all.size(); ++r) {
      EXPECT_EQ(all[r], message(n, static_cast<int>(r), 0));
    }
  }
}

DISTRIBUTED_TEST(MessagePieces, AllToAllIsWhole, RANKS(1, 2, 3, 4)) {
  MpiCommunicator small(MPI_COMM_WORLD, piece);
  for (const std::size_t n : sizes) {
    std::vector<Bytes> to;
    for (int r = 0; r < comm.size(); ++r) to.push_back(message(n, comm.rank(), r));
    const auto in = small.all_to_all(to);
    for (int r = 0; r < comm.size(); ++r) {
      EXPECT_EQ(in[static_cast<std::size_t>(r)], message(n, r, comm.rank()));
    }
  }
}

DISTRIBUTED_TEST(MessagePieces, ExchangeIsWholeAndInOrder, RANKS(2, 3, 4)) {
  MpiCommunicator small(MPI_COMM_WORLD, piece);
  const auto peers = others(comm.rank(), comm.size());
  std::vector<Bytes> in(peers.size());
  int round = 0;
  for (int repeat = 0; repeat < 20; ++repeat) {
    for (const std::size_t n : sizes) {
      std::vector<Bytes> out;
      for (const int r : peers) out.push_back(message(n, comm.rank(), r, round));
      small.exchange(peers, out, peers, in);
      for (std::size_t i = 0; i < peers.size(); ++i) {
        ASSERT_EQ(in[i], message(n, peers[i], comm.rank(), round)) << n << " bytes";
      }
      ++round;
    }
  }
}

DISTRIBUTED_TEST(MessagePieces, SizeIsWithinWhatMpiCounts, RANKS(1)) {
  EXPECT_THROW(MpiCommunicator(MPI_COMM_WORLD, 0), CommError);
  EXPECT_THROW(MpiCommunicator(MPI_COMM_WORLD, std::size_t{1} << 31U), CommError);
}

}  // namespace
