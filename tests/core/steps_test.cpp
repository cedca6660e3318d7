#include "core/steps.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "refusal.hpp"

namespace eprop::core {
namespace {

using ::testing::StrEq;

std::string refusal(double time, double dt, Step at_least = 0) {
  return testing::refusal([&] { (void)to_steps(time, dt, "thing", "time", at_least); });
}

TEST(Steps, CountsTenthsOfMillisecondsDespiteTheirRounding) {
  for (Step t = 0; t < 200000; t += 7) {
    EXPECT_EQ(to_steps(static_cast<double>(t) * 0.1, 0.1, "thing", "time"), t);
    EXPECT_EQ(to_steps(static_cast<double>(t) / 10.0, 0.1, "thing", "time"), t);
  }
}

TEST(Steps, CountsTimesAddedUpStepByStep) {
  double time = 0.0;
  for (Step t = 0; t < 10000; ++t) {
    EXPECT_EQ(to_steps(time, 0.1, "thing", "time"), t);
    time += 0.1;
  }
}

TEST(Steps, CountsWeeksOfModelTime) {
  EXPECT_EQ(to_steps(7.0 * 24 * 3600 * 1000, 0.1, "thing", "time"), 6048000000);
  EXPECT_EQ(to_steps(1e12, 0.1, "thing", "time"), 10000000000000);
}

TEST(Steps, KnowsWhatLiesOnTheGrid) {
  EXPECT_TRUE(on_grid(0.0, 0.1));
  EXPECT_TRUE(on_grid(-0.3, 0.1));
  EXPECT_TRUE(on_grid(0.1 + 0.2, 0.1));
  EXPECT_TRUE(on_grid(1234567.8, 0.1));
  EXPECT_FALSE(on_grid(0.25, 0.1));
  EXPECT_FALSE(on_grid(0.3001, 0.1));
  EXPECT_FALSE(on_grid(1234567.85, 0.1));
  EXPECT_FALSE(on_grid(0.5, 1.0));
}

TEST(Steps, RoundsTimesOffTheGridAndLimitsLongOnes) {
  EXPECT_EQ(nearest_steps(0.26, 0.1), 3.0);
  EXPECT_EQ(nearest_steps(0.0, 0.1), 0.0);
  EXPECT_EQ(nearest_steps(1e9, 1.0), 1e9);
  EXPECT_EQ(nearest_steps(std::numeric_limits<double>::infinity(), 1.0), 1e9);
}

TEST(Steps, RefusesTimesOffTheGrid) {
  EXPECT_THAT(refusal(0.25, 0.1),
              StrEq("thing: time = 0.25 ms: must be a multiple of dt = 0.1 ms"));
}

TEST(Steps, RefusesTimesThatAreNoNumbers) {
  EXPECT_THAT(refusal(std::numeric_limits<double>::quiet_NaN(), 0.1),
              StrEq("thing: time = nan ms: must be finite"));
  EXPECT_THAT(refusal(std::numeric_limits<double>::infinity(), 0.1),
              StrEq("thing: time = inf ms: must be finite"));
}

TEST(Steps, RefusesTimesThatStepsCannotCount) {
  EXPECT_THAT(refusal(1e300, 0.1),
              StrEq("thing: time = 1e+300 ms: must be below 1e15 steps of dt = 0.1 ms"));
}

TEST(Steps, RefusesNegativeTimes) {
  EXPECT_THAT(refusal(-0.1, 0.1), StrEq("thing: time = -0.1 ms: must be >= 0"));
}

TEST(Steps, RefusesFewerStepsThanAskedFor) {
  EXPECT_THAT(refusal(0.2, 0.1, 3),
              StrEq("thing: time = 0.2 ms: must be at least 3 steps of dt = 0.1 ms"));
  EXPECT_THAT(refusal(0.3, 0.1, 3), StrEq(""));
}

TEST(Steps, OfAGridAreFoundFromNowOn) {
  EXPECT_EQ(next_on_grid(4, 10, 0), 4);
  EXPECT_EQ(next_on_grid(4, 10, 4), 4);
  EXPECT_EQ(next_on_grid(4, 10, 5), 14);
  EXPECT_EQ(next_on_grid(4, 10, 14), 14);
  EXPECT_EQ(next_on_grid(4, 10, 105), 114);
  EXPECT_EQ(next_on_grid(0, 1, 7), 7);
}

}  // namespace
}  // namespace eprop::core
