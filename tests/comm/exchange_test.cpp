#include <chrono>
#include <functional>
#include <thread>

#include "distributed_test.hpp"
#include "eprop/comm/errors.hpp"
#include "message_patterns.hpp"

namespace {

using eprop::comm::Bytes;
using eprop::comm::CommError;
using eprop::comm::Communicator;
using eprop::testing::message;
using eprop::testing::others;

/// The number of bytes of a message between two ranks.
using SizeOf = std::function<int(int from, int to)>;

/// One exchange, all messages checked.
void exchange_and_check(Communicator& comm, const std::vector<int>& to,
                        const std::vector<int>& from, std::vector<Bytes>& in, int round,
                        const SizeOf& size_of) {
  const auto expected = [&](int sender, int receiver) {
    return message(static_cast<std::size_t>(size_of(sender, receiver)), sender, receiver, round);
  };
  std::vector<Bytes> out;
  for (const int r : to) out.push_back(expected(comm.rank(), r));
  in.resize(from.size());
  comm.exchange(to, out, from, in);
  for (std::size_t i = 0; i < from.size(); ++i) {
    ASSERT_EQ(in[i], expected(from[i], comm.rank()))
        << "from rank " << from[i] << " in round " << round;
  }
}

DISTRIBUTED_TEST(Exchange, WithoutNeighboursDoesNothing, RANKS(1, 2, 3, 4)) {
  for (int i = 0; i < 3; ++i) comm.exchange({}, {}, {}, {});
}

DISTRIBUTED_TEST(Exchange, DeliversEmptySmallAndLargeMessages, RANKS(2, 3, 4)) {
  const auto peers = others(comm.rank(), comm.size());
  std::vector<Bytes> in;
  int round = 0;
  for (const int n : {0, 1, 4095, 4096, 70'000, 2 << 20, 0}) {
    exchange_and_check(comm, peers, peers, in, round++, [n](int, int) { return n; });
  }
}

DISTRIBUTED_TEST(Exchange, MessageReplacesBufferAndKeepsItsCapacity, RANKS(2, 3, 4)) {
  const auto peers = others(comm.rank(), comm.size());
  std::vector<Bytes> in(peers.size(), Bytes(10'000, std::byte{7}));
  std::vector<const std::byte*> storage;
  for (const Bytes& bytes : in) storage.push_back(bytes.data());
  exchange_and_check(comm, peers, peers, in, 0, [](int, int) { return 10; });
  exchange_and_check(comm, peers, peers, in, 1, [](int, int) { return 10'000; });
  for (std::size_t i = 0; i < in.size(); ++i) EXPECT_EQ(in[i].data(), storage[i]);
}

DISTRIBUTED_TEST(Exchange, ManyRoundsOfVaryingSizesStayInOrder, RANKS(2, 3, 4)) {
  const auto peers = others(comm.rank(), comm.size());
  std::vector<Bytes> in;
  for (int round = 0; round < 2000; ++round) {
    exchange_and_check(comm, peers, peers, in, round, [round](int from, int to) {
      return (round * 7 + from * 3 + to * 5) % 97 * (round % 100 == 0 ? 997 : 1);
    });
  }
}

DISTRIBUTED_TEST(Exchange, RanksMayRunAhead, RANKS(2, 3, 4)) {
  // In a ring each rank sends on to the next only, so those after a slow rank lag behind those
  // before it by up to one exchange per rank.
  const std::vector<int> to{(comm.rank() + 1) % comm.size()};
  const std::vector<int> from{(comm.rank() + comm.size() - 1) % comm.size()};
  std::vector<Bytes> in;
  for (int round = 0; round < 200; ++round) {
    if (round % 20 == 5 * comm.rank()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    exchange_and_check(comm, to, from, in, round,
                       [round](int f, int) { return 8 * ((round + f) % 5); });
  }
}

DISTRIBUTED_TEST(Exchange, NeighboursMayBeAsymmetric, RANKS(2, 3, 4)) {
  // Rank 0 sends to all and gets nothing; the last rank gets from all.
  const int last = comm.size() - 1;
  std::vector<int> to;
  std::vector<int> from;
  if (comm.rank() == 0) to = others(0, comm.size());
  if (comm.rank() != 0) from.push_back(0);
  if (comm.rank() != 0 && comm.rank() != last) to.push_back(last);
  if (comm.rank() == last) from = others(last, comm.size());
  std::vector<Bytes> in;
  for (int round = 0; round < 500; ++round) {
    exchange_and_check(comm, to, from, in, round, [](int f, int t) { return 10 * f + t; });
  }
}

DISTRIBUTED_TEST(Exchange, MixesWithOtherOperations, RANKS(2, 3, 4)) {
  const auto peers = others(comm.rank(), comm.size());
  std::vector<Bytes> in;
  for (int round = 0; round < 50; ++round) {
    exchange_and_check(comm, peers, peers, in, round, [](int, int) { return 24; });
    Bytes data = message(16, comm.rank(), 0, round);
    comm.broadcast(data, round % comm.size());
    EXPECT_EQ(data, message(16, round % comm.size(), 0, round));
  }
}

DISTRIBUTED_TEST(Exchange, WrongNeighboursThrowAndSendNothing, RANKS(2, 3, 4)) {
  const auto peers = others(comm.rank(), comm.size());
  const std::vector<Bytes> out(peers.size());
  std::vector<Bytes> in(peers.size());
  const std::vector<int> none;

  const std::vector<int> out_of_range(peers.size(), comm.size());
  EXPECT_THROW(comm.exchange(out_of_range, out, none, {}), CommError);
  const std::vector<int> self(peers.size(), comm.rank());
  EXPECT_THROW(comm.exchange(none, {}, self, in), CommError);
  EXPECT_THROW(comm.exchange(peers, {}, none, {}), CommError);
  EXPECT_THROW(comm.exchange(none, {}, peers, {}), CommError);
  std::vector<int> twice = peers;
  twice.push_back(peers.back());
  EXPECT_THROW(comm.exchange(twice, std::vector<Bytes>(twice.size()), none, {}), CommError);

  exchange_and_check(comm, peers, peers, in, 0, [](int, int) { return 5; });
}

}  // namespace
