#include "eprop/stop_requests.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>

namespace eprop {
namespace {

TEST(StopRequests, ComeWithSignals) {
  const SignalRequests signals;
  EXPECT_FALSE(take_checkpoint_request());
  std::raise(SIGUSR1);
  EXPECT_TRUE(take_checkpoint_request());
  EXPECT_FALSE(take_checkpoint_request());
  EXPECT_FALSE(stop_is_requested());
}

class StoppingSignal : public ::testing::TestWithParam<int> {};

TEST_P(StoppingSignal, AsksToStopAsLongAsTheHandlersAreThere) {
  {
    const SignalRequests signals;
    std::raise(GetParam());
    EXPECT_TRUE(stop_is_requested());
    EXPECT_TRUE(stop_is_requested());
    EXPECT_FALSE(take_checkpoint_request());
  }
  EXPECT_FALSE(stop_is_requested());
}

INSTANTIATE_TEST_SUITE_P(StopRequests, StoppingSignal, ::testing::Values(SIGTERM, SIGUSR2, SIGINT));

int seen = 0;

TEST(StopRequests, LeaveSignalsAsTheyWere) {
  const auto before = std::signal(SIGUSR2, [](int signal) { seen = signal; });
  { const SignalRequests signals; }
  std::raise(SIGUSR2);
  EXPECT_EQ(seen, SIGUSR2);
  std::signal(SIGUSR2, before);
}

TEST(StopRequestsDeathTest, ASecondInterruptEndsTheProcess) {
  const auto interrupt_twice = [] {
    const SignalRequests signals;
    std::raise(SIGTERM);
    std::raise(SIGINT);
    std::raise(SIGINT);
  };
  EXPECT_EXIT(interrupt_twice(), ::testing::ExitedWithCode(130), "");
}

TEST(StopRequests, HaveOneOwner) {
  const SignalRequests signals;
  EXPECT_THROW(SignalRequests(), std::logic_error);
  std::raise(SIGTERM);
  EXPECT_TRUE(stop_is_requested());
}

}  // namespace
}  // namespace eprop
