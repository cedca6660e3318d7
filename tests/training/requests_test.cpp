#include "training/requests.hpp"

#include <gtest/gtest.h>

#include "distributed_test.hpp"

namespace eprop {

using training::Requests;

DISTRIBUTED_TEST(Requests, OfAnyRankReachAll, RANKS(1, 2, 3)) {
  Requests requests(0.0, comm);
  (void)requests.agree(1);
  EXPECT_FALSE(requests.checkpoint_is_due());
  if (comm.rank() == comm.size() - 1) requests.checkpoint();
  EXPECT_FALSE(requests.checkpoint_is_due());  // before all know
  (void)requests.agree(1);
  EXPECT_TRUE(requests.checkpoint_is_due());
  EXPECT_FALSE(requests.stop_is_due());
  requests.note_checkpoint();
  (void)requests.agree(1);
  EXPECT_FALSE(requests.checkpoint_is_due());
  if (comm.rank() == comm.size() - 1) requests.stop();
  (void)requests.agree(1);
  EXPECT_TRUE(requests.checkpoint_is_due());
  EXPECT_TRUE(requests.stop_is_due());
}

DISTRIBUTED_TEST(Requests, StayUntilThereIsACheckpoint, RANKS(1, 2)) {
  Requests requests(0.0, comm);
  requests.checkpoint();
  (void)requests.agree(1);
  (void)requests.agree(1);
  EXPECT_TRUE(requests.checkpoint_is_due());
}

DISTRIBUTED_TEST(Requests, TakeTheStretchOfRankZero, RANKS(1, 3)) {
  Requests requests(0.0, comm);
  EXPECT_EQ(requests.agree(7 + comm.rank()), 7);
}

DISTRIBUTED_TEST(Requests, ComeByTheClockOfRankZero, RANKS(1, 2)) {
  double seconds = 100.0;
  const auto clock = [&] { return seconds; };
  Requests requests(0.5, comm, clock);
  const auto due_at = [&](double now) {
    seconds = comm.rank() == 0 ? now : 1e6;
    (void)requests.agree(1);
    return requests.checkpoint_is_due();
  };
  EXPECT_FALSE(due_at(129.0));
  EXPECT_TRUE(due_at(130.0));
  requests.note_checkpoint();
  EXPECT_FALSE(due_at(159.0));
  EXPECT_TRUE(due_at(161.0));
}

}  // namespace eprop
