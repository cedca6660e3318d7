#include <gtest/gtest.h>

#include "eprop/comm/collectives.hpp"
#include "eprop/comm/launch.hpp"

namespace {

using eprop::comm::Bytes;
using eprop::comm::CommError;

TEST(SerialCommunicator, IsTheOnlyRankAndGetsWhatItSends) {
  const auto comm = eprop::comm::make_serial();
  EXPECT_EQ(comm->rank(), 0);
  EXPECT_EQ(comm->size(), 1);
  comm->barrier();
  std::vector<int> values{1, 2, 3};
  eprop::comm::broadcast(*comm, values, 0);
  EXPECT_EQ(values, (std::vector{1, 2, 3}));
  EXPECT_EQ(eprop::comm::all_gather(*comm, 4), std::vector{4});
  const std::vector<std::vector<int>> per_rank{values};
  EXPECT_EQ(eprop::comm::gather(*comm, values, 0), per_rank);
  EXPECT_EQ(eprop::comm::all_to_all(*comm, per_rank), per_rank);
  EXPECT_EQ(eprop::comm::all_gather_all(*comm, values), values);
  comm->exchange({}, {}, {}, {});
}

TEST(SerialCommunicator, HasNoOtherRank) {
  const auto comm = eprop::comm::make_serial();
  Bytes data(4);
  EXPECT_THROW(comm->broadcast(data, 1), CommError);
  EXPECT_THROW((void)comm->gather(data, 1), CommError);
  EXPECT_THROW((void)comm->all_to_all({}), CommError);
  Bytes all(8);
  EXPECT_THROW(comm->all_gather(data, all), CommError);
  const std::vector<int> other{1};
  const std::vector<Bytes> out(1);
  EXPECT_THROW(comm->exchange(other, out, {}, {}), CommError);
}

TEST(SerialCommunicatorDeathTest, FailEndsTheProcessWithTheMessage) {
  const auto comm = eprop::comm::make_serial();
  EXPECT_EXIT(comm->fail("tau_m is -1 ms"), ::testing::ExitedWithCode(1),
              "^eprop: error: tau_m is -1 ms\n$");
}

}  // namespace
