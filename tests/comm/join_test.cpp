#include "eprop/comm/join.hpp"

#include <gtest/gtest.h>

#include "distributed_test.hpp"
#include "eprop/comm/collectives.hpp"
#include "eprop/comm/errors.hpp"
#include "mpi_calls.hpp"

namespace eprop::comm {
namespace {

DISTRIBUTED_TEST(JoinedWorld, HasAllRanksWhoeverHasStartedMpi, RANKS(1, 2, 3)) {
  const auto world = join_world();
  EXPECT_EQ(world->rank(), comm.rank());
  EXPECT_EQ(world->size(), comm.size());
  EXPECT_EQ(is_mpi_job(), comm.size() > 1);
  const auto ranks = all_gather(*world, world->rank());
  EXPECT_EQ(ranks.back(), comm.size() - 1);
  EXPECT_TRUE(leave_mpi());
}

DISTRIBUTED_TEST(AdoptedCommunicator, HasTheRanksOfTheOneGiven, RANKS(2, 4)) {
  MPI_Comm half = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, comm.rank() % 2, comm.rank(), &half);
  const auto adopted = adopt_mpi(&half);
  MPI_Comm_free(&half);  // what was adopted is on its own
  EXPECT_EQ(adopted->rank(), comm.rank() / 2);
  EXPECT_EQ(adopted->size(), comm.size() / 2);
  adopted->barrier();
  EXPECT_TRUE(leave_mpi());
}

DISTRIBUTED_TEST(AdoptedCommunicator, MustBeOne, RANKS(1)) {
  const MPI_Comm none = MPI_COMM_NULL;
  EXPECT_THROW(static_cast<void>(adopt_mpi(nullptr)), CommError);
  EXPECT_THROW(static_cast<void>(adopt_mpi(&none)), CommError);
}

DISTRIBUTED_TEST(LeavingMpi, TellsWhetherAnErrorWasReported, RANKS(1, 2)) {
  const auto world = join_world();
  if (comm.rank() == comm.size() - 1) world->report("of this test: nothing is wrong");
  EXPECT_FALSE(leave_mpi());
  EXPECT_TRUE(leave_mpi());  // nothing is left to leave
}

}  // namespace
}  // namespace eprop::comm
