#include <gtest/gtest.h>

#include "eprop/comm/agreement.hpp"
#include "eprop/comm/collectives.hpp"
#include "eprop/comm/launch.hpp"
#include "message_of.hpp"

namespace {

using eprop::comm::Bytes;
using eprop::comm::CommError;
using eprop::comm::make_dry_run;
using eprop::testing::message_of;

/// A message of one byte.
Bytes letter(char c) { return {static_cast<std::byte>(c)}; }

TEST(DryRunCommunicator, IsOneRankOfMany) {
  const auto comm = make_dry_run(2, 1000);
  EXPECT_EQ(comm->rank(), 2);
  EXPECT_EQ(comm->size(), 1000);
  EXPECT_TRUE(comm->is_dry_run());
  EXPECT_FALSE(eprop::comm::make_serial()->is_dry_run());
  comm->barrier();
}

TEST(DryRunCommunicator, TakesTheOtherRanksToHaveItsValues) {
  const auto comm = make_dry_run(1, 3);
  EXPECT_EQ(eprop::comm::all_gather(*comm, 4), (std::vector{4, 4, 4}));
  const auto share = eprop::comm::share_of(*comm, 10);
  EXPECT_EQ(share.all, 30U);
  EXPECT_EQ(share.first, 10U);
  const std::vector values{1, 2};
  EXPECT_EQ(eprop::comm::gather(*comm, values, 1), (std::vector<std::vector<int>>(3, values)));
  EXPECT_TRUE(eprop::comm::gather(*comm, values, 0).empty());
  auto same = values;
  eprop::comm::broadcast(*comm, same, 0);
  EXPECT_EQ(same, values);
}

TEST(DryRunCommunicator, GetsFromEachRankWhatItSendsThere) {
  const auto comm = make_dry_run(1, 3);
  const std::vector<std::vector<int>> to{{1}, {}, {2, 3}};
  EXPECT_EQ(eprop::comm::all_to_all(*comm, to), to);

  const auto peers = make_dry_run(2, 6);
  const std::vector<int> out_to{0, 3, 5}, in_from{1, 3, 4, 5};
  const std::vector<Bytes> out{letter('a'), letter('b'), letter('c')};
  std::vector<Bytes> in(4, Bytes(2));
  peers->exchange(out_to, out, in_from, in);
  EXPECT_EQ(in, (std::vector<Bytes>{{}, letter('b'), {}, letter('c')}));
}

TEST(DryRunCommunicator, PassesOnErrorsOfItsOwn) {
  for (const int rank : {0, 2}) {
    const auto comm = make_dry_run(rank, 3);
    EXPECT_EQ(message_of<CommError>([&] {
                eprop::comm::agreed<CommError>(*comm, "building",
                                               []() -> int { throw CommError("none left"); });
              }),
              "none left");
  }
}

TEST(DryRunCommunicator, RefusesRanksThatTheJobHasNot) {
  EXPECT_EQ(message_of<CommError>([] { (void)make_dry_run(0, 0); }),
            "0 ranks: a job has at least one");
  EXPECT_EQ(message_of<CommError>([] { (void)make_dry_run(4, 4); }),
            "dry run: rank 4 is none of a job of 4");
  EXPECT_THROW((void)make_dry_run(-1, 4), CommError);
  const auto comm = make_dry_run(0, 4);
  Bytes data(4);
  EXPECT_THROW(comm->broadcast(data, 4), CommError);
  EXPECT_THROW((void)comm->gather(data, 4), CommError);
  EXPECT_THROW(comm->all_gather(data, data), CommError);
  EXPECT_THROW((void)comm->all_to_all({}), CommError);
  const std::vector<int> itself{0};
  EXPECT_THROW(comm->exchange(itself, std::vector<Bytes>(1), {}, {}), CommError);
}

TEST(DryRunCommunicator, HasNoGroups) {
  const auto comm = make_dry_run(0, 4);
  EXPECT_EQ(message_of<CommError>([&] { (void)comm->split(0); }),
            "split: a dry run of 4 ranks has no groups");
  EXPECT_THROW((void)comm->split(-1), CommError);
}

TEST(DryRunCommunicatorDeathTest, FailEndsTheProcessWithTheMessage) {
  const auto comm = make_dry_run(3, 4);
  comm->report("lost");
  EXPECT_EXIT(comm->fail("tau_m is -1 ms"), ::testing::ExitedWithCode(1),
              "^eprop: error: tau_m is -1 ms\n$");
}

}  // namespace
