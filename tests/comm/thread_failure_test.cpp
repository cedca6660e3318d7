#include <gtest/gtest.h>

#include <atomic>

#include "eprop/comm/collectives.hpp"
#include "eprop/comm/launch.hpp"
#include "message_of.hpp"

namespace {

using eprop::comm::Bytes;
using eprop::comm::CommError;
using eprop::comm::Communicator;
using eprop::comm::RankFailure;
using eprop::comm::run_as_threads;

struct ParameterError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The message that run_as_threads throws as an E; empty if it throws nothing.
template <class E>
std::string failure_of(int n_ranks, const eprop::comm::RankMain& body) {
  return eprop::testing::message_of<E>([&] { run_as_threads(n_ranks, body); });
}

void wait_in_exchange(Communicator& comm) {
  const std::vector<int> from{comm.rank() == 0 ? 1 : 0};
  std::vector<Bytes> in(1);
  comm.exchange({}, {}, from, in);
}

TEST(ThreadFailure, AnExceptionWakesRanksInABarrierAndIsRethrown) {
  std::atomic<int> woken = 0;
  const auto message = failure_of<ParameterError>(4, [&](Communicator& comm) {
    if (comm.rank() == 1) throw ParameterError("tau_m is -1 ms");
    try {
      comm.barrier();
    } catch (const RankFailure& failure) {
      EXPECT_STREQ(failure.what(), "tau_m is -1 ms");
      ++woken;
      throw;
    }
  });
  EXPECT_EQ(message, "tau_m is -1 ms");
  EXPECT_EQ(woken, 3);
}

TEST(ThreadFailure, FailWakesRanksInAnExchange) {
  const auto message = failure_of<RankFailure>(3, [](Communicator& comm) {
    if (comm.rank() == 0) comm.fail("loss is nan");
    wait_in_exchange(comm);
  });
  EXPECT_EQ(message, "loss is nan");
}

TEST(ThreadFailure, WakesTheRanksOfOtherGroups) {
  std::atomic<int> woken = 0;
  const auto message = failure_of<ParameterError>(4, [&](Communicator& comm) {
    const auto group = comm.split(comm.rank() == 1 ? 1 : 0);
    if (comm.rank() == 1) throw ParameterError("tau_m is -1 ms");
    try {
      if (comm.rank() != 3) group->barrier();
      comm.barrier();
    } catch (const RankFailure&) {
      ++woken;
      throw;
    }
  });
  EXPECT_EQ(message, "tau_m is -1 ms");
  EXPECT_EQ(woken, 3);
}

TEST(ThreadFailure, OfAGroupIsThatOfTheJob) {
  const auto message = failure_of<RankFailure>(3, [](Communicator& comm) {
    const auto group = comm.split(comm.rank());
    if (comm.rank() == 2) group->fail("loss is nan");
    comm.barrier();
  });
  EXPECT_EQ(message, "loss is nan");
}

TEST(ThreadFailure, RanksThatWaitInDifferentGroupsDoNotHang) {
  const auto message = failure_of<CommError>(3, [](Communicator& comm) {
    const auto group = comm.split(comm.rank() == 2 ? 1 : 0);
    comm.rank() == 0 ? group->barrier() : comm.barrier();
  });
  EXPECT_EQ(message,
            "the ranks wait for each other for ever: rank 0 in barrier, rank 1 in barrier, rank 2 "
            "in barrier");
}

TEST(ThreadFailure, OfAnyExceptionTypeIsRethrown) {
  const auto throw_int = [](Communicator& comm) {
    if (comm.rank() == 0) throw 42;
    comm.barrier();
  };
  EXPECT_THROW(run_as_threads(2, throw_int), int);
}

TEST(ThreadFailure, OnAllRanksIsOneOfThem) {
  const auto message =
      failure_of<RankFailure>(4, [](Communicator& comm) { comm.fail("bad parameter"); });
  EXPECT_EQ(message, "bad parameter");
}

TEST(ThreadFailure, MakesEveryLaterOperationThrow) {
  EXPECT_THROW(run_as_threads(2,
                              [](Communicator& comm) {
                                if (comm.rank() == 0) throw ParameterError("first");
                                EXPECT_THROW(comm.barrier(), RankFailure);
                                EXPECT_THROW(comm.barrier(), RankFailure);
                                EXPECT_THROW(wait_in_exchange(comm), RankFailure);
                              }),
               ParameterError);
}

TEST(ThreadFailure, ARankThatEndsEarlyDoesNotLeaveTheOthersInABarrier) {
  const auto message = failure_of<CommError>(3, [](Communicator& comm) {
    if (comm.rank() != 1) comm.barrier();
  });
  EXPECT_EQ(message,
            "the ranks wait for each other for ever: rank 0 in barrier, rank 1 has ended, "
            "rank 2 in barrier");
}

TEST(ThreadFailure, RanksThatWaitForEachOthersMessagesDoNotHang) {
  const auto message = failure_of<CommError>(2, wait_in_exchange);
  EXPECT_EQ(message,
            "the ranks wait for each other for ever: rank 0 in exchange for rank 1, rank 1 in "
            "exchange for rank 0");
}

TEST(ThreadFailure, AnExchangeThatMeetsABarrierDoesNotHang) {
  const auto message = failure_of<CommError>(
      2, [](Communicator& comm) { comm.rank() == 0 ? comm.barrier() : wait_in_exchange(comm); });
  EXPECT_EQ(message,
            "the ranks wait for each other for ever: rank 0 in barrier, rank 1 in exchange for "
            "rank 0");
}

TEST(ThreadFailure, MessagesSentBeforeARankEndsStillArrive) {
  run_as_threads(2, [](Communicator& comm) {
    const std::vector<int> peer{1 - comm.rank()};
    if (comm.rank() == 0) {
      const std::vector<Bytes> out{Bytes(3)};
      comm.exchange(peer, out, {}, {});
    } else {
      std::vector<Bytes> in(1);
      comm.exchange({}, {}, peer, in);
      EXPECT_EQ(in[0].size(), 3U);
    }
  });
}

TEST(ThreadFailure, AJobOfNoRanksIsAnError) {
  const auto nothing = [](Communicator&) {};
  EXPECT_EQ(failure_of<CommError>(0, nothing), "0 ranks: a job has at least one");
}

}  // namespace
