#include "eprop/comm/collectives.hpp"

#include <cstdint>
#include <numeric>

#include "distributed_test.hpp"
#include "message_of.hpp"
#include "message_patterns.hpp"

namespace {

using eprop::comm::Bytes;
using eprop::comm::CommError;
using eprop::testing::message;
using eprop::testing::message_of;

DISTRIBUTED_TEST(Collectives, RanksAreNumberedFromZero, RANKS(1, 2, 3, 4)) {
  EXPECT_GE(comm.rank(), 0);
  EXPECT_LT(comm.rank(), comm.size());
  const auto ranks = eprop::comm::all_gather(comm, comm.rank());
  std::vector<int> expected(static_cast<std::size_t>(comm.size()));
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(ranks, expected);
}

DISTRIBUTED_TEST(Collectives, BroadcastGivesAllRanksTheDataOfAnyRoot, RANKS(1, 2, 3, 4)) {
  for (int root = 0; root < comm.size(); ++root) {
    for (const std::size_t n : {0U, 1U, 1000U, 1U << 20U}) {
      Bytes data = message(n, comm.rank(), 0);
      comm.broadcast(data, root);
      EXPECT_EQ(data, message(n, root, 0)) << "root " << root << ", " << n << " bytes";
    }
  }
}

DISTRIBUTED_TEST(Collectives, TypedBroadcastTakesRootsSize, RANKS(1, 2, 3, 4)) {
  const int root = comm.size() - 1;
  const auto of = [](int rank) {
    return std::vector<double>(static_cast<std::size_t>(3 * rank), 0.5 + rank);
  };
  std::vector<double> values = of(comm.rank());
  eprop::comm::broadcast(comm, values, root);
  EXPECT_EQ(values, of(root));
}

DISTRIBUTED_TEST(Collectives, AllGatherConcatenatesInRankOrder, RANKS(1, 2, 3, 4)) {
  for (const std::size_t n : {0U, 3U, 1U << 20U}) {
    Bytes expected;
    for (int r = 0; r < comm.size(); ++r) {
      const Bytes part = message(n, r, 0);
      expected.insert(expected.end(), part.begin(), part.end());
    }
    Bytes all(expected.size());
    comm.all_gather(message(n, comm.rank(), 0), all);
    EXPECT_EQ(all, expected) << n << " bytes";
  }
}

DISTRIBUTED_TEST(Collectives, GatherGivesRootPartsOfDifferentSizes, RANKS(1, 2, 3, 4)) {
  const auto size_of = [](int rank) { return static_cast<std::size_t>(rank) * 700'001; };
  for (int root = 0; root < comm.size(); ++root) {
    const auto all = comm.gather(message(size_of(comm.rank()), comm.rank(), root), root);
    if (comm.rank() != root) {
      EXPECT_TRUE(all.empty());
      continue;
    }
    ASSERT_EQ(all.size(), static_cast<std::size_t>(comm.size()));
    for (int r = 0; r < comm.size(); ++r) {
      EXPECT_EQ(all[static_cast<std::size_t>(r)], message(size_of(r), r, root)) << "from " << r;
    }
  }
}

DISTRIBUTED_TEST(Collectives, TypedGatherKeepsElements, RANKS(1, 2, 3, 4)) {
  const std::vector<std::int64_t> mine(static_cast<std::size_t>(comm.rank()), -comm.rank());
  const auto all = eprop::comm::gather(comm, mine, 0);
  ASSERT_EQ(all.size(), comm.rank() == 0 ? static_cast<std::size_t>(comm.size()) : 0U);
  for (std::size_t r = 0; r < all.size(); ++r) {
    EXPECT_EQ(all[r], std::vector<std::int64_t>(r, -static_cast<std::int64_t>(r)));
  }
}

DISTRIBUTED_TEST(Collectives, GatherAllConcatenatesOnRoot, RANKS(1, 2, 3, 4)) {
  const std::vector<int> mine(static_cast<std::size_t>(comm.rank()), comm.rank());
  for (int root = 0; root < comm.size(); ++root) {
    std::vector<int> expected;
    for (int r = 0; r < comm.size() && comm.rank() == root; ++r) {
      expected.insert(expected.end(), static_cast<std::size_t>(r), r);
    }
    EXPECT_EQ(eprop::comm::gather_all(comm, mine, root), expected) << "root " << root;
  }
}

DISTRIBUTED_TEST(Collectives, AllGatherAllConcatenatesOnEveryRank, RANKS(1, 2, 3, 4)) {
  const std::vector<int> mine(static_cast<std::size_t>(comm.rank()), comm.rank());
  std::vector<int> expected;
  for (int r = 0; r < comm.size(); ++r) expected.insert(expected.end(), static_cast<size_t>(r), r);
  EXPECT_EQ(eprop::comm::all_gather_all(comm, mine), expected);
}

DISTRIBUTED_TEST(Collectives, AllToAllDeliversEachMessage, RANKS(1, 2, 3, 4)) {
  // Some messages are empty, some a megabyte.
  const auto size_of = [](int from, int to) {
    return (from + to) % 2 == 0 ? std::size_t{0} : static_cast<std::size_t>(from + 1) << 20U;
  };
  std::vector<Bytes> to;
  for (int r = 0; r < comm.size(); ++r) {
    to.push_back(message(size_of(comm.rank(), r), comm.rank(), r));
  }
  const auto in = comm.all_to_all(to);
  ASSERT_EQ(in.size(), to.size());
  for (int r = 0; r < comm.size(); ++r) {
    EXPECT_EQ(in[static_cast<std::size_t>(r)], message(size_of(r, comm.rank()), r, comm.rank()))
        << "from " << r;
  }
}

DISTRIBUTED_TEST(Collectives, TypedAllToAllKeepsElements, RANKS(1, 2, 3, 4)) {
  std::vector<std::vector<float>> to;
  for (int r = 0; r < comm.size(); ++r) {
    to.emplace_back(static_cast<std::size_t>(r), static_cast<float>(comm.rank()));
  }
  const auto in = eprop::comm::all_to_all(comm, to);
  ASSERT_EQ(in.size(), to.size());
  for (std::size_t r = 0; r < in.size(); ++r) {
    EXPECT_EQ(in[r],
              std::vector<float>(static_cast<std::size_t>(comm.rank()), static_cast<float>(r)));
  }
}

DISTRIBUTED_TEST(Collectives, OperationsFollowEachOtherWithoutMixing, RANKS(1, 2, 3, 4)) {
  for (int round = 0; round < 50; ++round) {
    const int root = round % comm.size();
    comm.barrier();
    Bytes data = message(64, comm.rank(), 0, round);
    comm.broadcast(data, root);
    EXPECT_EQ(data, message(64, root, 0, round));
    const auto sums = eprop::comm::all_gather(comm, round * 10 + comm.rank());
    EXPECT_EQ(sums.back(), round * 10 + comm.size() - 1);
    const auto parts = comm.gather(data, root);
    EXPECT_EQ(parts.size(), comm.rank() == root ? static_cast<std::size_t>(comm.size()) : 0U);
  }
}

DISTRIBUTED_TEST(Collectives, WrongArgumentsThrowAndLeaveTheCommunicatorUsable, RANKS(1, 2, 3, 4)) {
  Bytes data(8);
  EXPECT_THROW(comm.broadcast(data, comm.size()), CommError);
  EXPECT_THROW(comm.broadcast(data, -1), CommError);
  EXPECT_THROW((void)comm.gather(data, comm.size()), CommError);
  EXPECT_THROW((void)comm.all_to_all(std::vector<Bytes>(5)), CommError);
  Bytes too_small(static_cast<std::size_t>(comm.size()) * 8 - 1);
  EXPECT_THROW(comm.all_gather(data, too_small), CommError);
  EXPECT_EQ(eprop::comm::all_gather(comm, 7).size(), static_cast<std::size_t>(comm.size()));
}

DISTRIBUTED_TEST(Collectives, RanksThatDisagreeAllThrow, RANKS(2, 3, 4)) {
  const auto mine = 8 + static_cast<std::size_t>(comm.rank());
  Bytes data(mine);
  Bytes all(mine * static_cast<std::size_t>(comm.size()));

  using ::testing::IsSubstring;
  EXPECT_PRED_FORMAT2(IsSubstring,
                      "all_gather: ", message_of<CommError>([&] { comm.all_gather(data, all); }));
  EXPECT_PRED_FORMAT2(IsSubstring,
                      "broadcast: ", message_of<CommError>([&] { comm.broadcast(data, 0); }));
  EXPECT_PRED_FORMAT2(IsSubstring, "gather: ", message_of<CommError>([&] {
                        (void)comm.gather(data, comm.rank());
                      }));
  EXPECT_PRED_FORMAT2(IsSubstring, "different operations: ", message_of<CommError>([&] {
                        comm.rank() == 0 ? comm.barrier() : comm.broadcast(data, 0);
                      }));
  EXPECT_EQ(eprop::comm::all_gather(comm, 7).size(), static_cast<std::size_t>(comm.size()));
}

DISTRIBUTED_TEST(Collectives, GroupsWorkSideBySide, RANKS(1, 2, 3, 4)) {
  const int colour = comm.rank() % 2;
  const auto group = comm.split(colour);
  EXPECT_EQ(group->size(), (comm.size() + 1 - colour) / 2);
  EXPECT_EQ(group->rank(), comm.rank() / 2);
  std::vector<int> expected;
  for (int rank = colour; rank < comm.size(); rank += 2) expected.push_back(rank);
  // As often as the group has members: the other group calls other operations meanwhile.
  for (int i = 0; i < group->size(); ++i) {
    EXPECT_EQ(eprop::comm::all_gather(*group, comm.rank()), expected);
    int value = comm.rank();
    group->broadcast(std::as_writable_bytes(std::span(&value, 1)), i);
    EXPECT_EQ(value, expected[static_cast<std::size_t>(i)]);
  }
  EXPECT_EQ(eprop::comm::all_gather(comm, 7).size(), static_cast<std::size_t>(comm.size()));
}

DISTRIBUTED_TEST(Collectives, GroupsHaveGroupsOfTheirOwn, RANKS(1, 2, 3, 4)) {
  const auto all = comm.split(3);
  const auto alone = all->split(comm.rank());
  EXPECT_EQ(alone->size(), 1);
  EXPECT_EQ(eprop::comm::all_gather(*alone, comm.rank()), std::vector<int>{comm.rank()});
  const auto peers = message_of<CommError>([&] { (void)comm.split(-1); });
  EXPECT_EQ(peers, "split: colour -1 must be >= 0");
}

DISTRIBUTED_TEST(Collectives, MessagesOfAGroupMeetNoOthers, RANKS(4)) {
  const auto group = comm.split(comm.rank() / 2);
  const auto send_to_other = [](eprop::comm::Communicator& where, int other, int what) {
    const std::vector<int> peer{other};
    const std::vector<Bytes> out{message(9, what, 0)};
    where.exchange(peer, out, {}, {});
  };
  const auto receive_from = [](eprop::comm::Communicator& where, int other) {
    std::vector<Bytes> in(1);
    where.exchange({}, {}, std::vector<int>{other}, in);
    return in[0];
  };
  const int neighbour = comm.rank() ^ 1;
  send_to_other(comm, neighbour, 1);
  send_to_other(*group, 1 - group->rank(), 2);
  EXPECT_EQ(receive_from(*group, 1 - group->rank()), message(9, 2, 0));
  EXPECT_EQ(receive_from(comm, neighbour), message(9, 1, 0));
}

DISTRIBUTED_TEST(Collectives, ShareOfARankFollowsThoseOfTheRanksBefore, RANKS(1, 2, 3, 4)) {
  const auto size = [](int rank) { return static_cast<std::size_t>(rank == 1 ? 0 : 5 + rank); };
  std::size_t first = 0, all = 0;
  for (int rank = 0; rank < comm.size(); ++rank) {
    if (rank < comm.rank()) first += size(rank);
    all += size(rank);
  }
  const auto share = eprop::comm::share_of(comm, size(comm.rank()));
  EXPECT_EQ(share.own, size(comm.rank()));
  EXPECT_EQ(share.first, first);
  EXPECT_EQ(share.all, all);
}

}  // namespace
