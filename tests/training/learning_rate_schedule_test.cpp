#include "eprop/learning_rate_schedule.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "refusal.hpp"

namespace eprop {
namespace {

using testing::refusal;

/// The rates of the first iterations.
std::vector<double> rates(const LearningRateSchedule& schedule, std::int64_t iterations) {
  std::vector<double> all;
  for (std::int64_t n = 0; n < iterations; ++n) all.push_back(learning_rate(schedule, n));
  return all;
}

using LearningRates = std::vector<double>;

TEST(LearningRateSchedule, MayBeConstant) {
  EXPECT_EQ(rates({ConstantLearningRate{0.25}}, 3), (LearningRates{0.25, 0.25, 0.25}));
}

TEST(LearningRateSchedule, DecaysExponentially) {
  const LearningRateSchedule halves{ExponentialLearningRate{.eta = 0.1, .decay = 0.5}};
  EXPECT_EQ(learning_rate(halves, 0), 0.1);
  EXPECT_EQ(learning_rate(halves, 3), 0.1 / 8);
  EXPECT_DOUBLE_EQ(learning_rate({ExponentialLearningRate{.eta = 2e-3, .decay = 0.9}}, 3),
                   2e-3 * 0.9 * 0.9 * 0.9);
}

TEST(LearningRateSchedule, WithoutDecayIsTheSameToTheBit) {
  for (const double eta : {5e-3, 1e-4, 5e-7, 0.0}) {
    for (const std::int64_t n : {0, 1, 77, 1000000}) {
      EXPECT_EQ(learning_rate({ExponentialLearningRate{.eta = eta}}, n), eta);
    }
  }
}

TEST(LearningRateSchedule, FallsInSteps) {
  EXPECT_EQ(rates({StepLearningRate{.eta = 8.0, .factor = 0.5, .every = 2}}, 5),
            (LearningRates{8.0, 8.0, 4.0, 4.0, 2.0}));
}

TEST(LearningRateSchedule, DoesNotFallBelowItsFloor) {
  EXPECT_EQ(rates({StepLearningRate{.eta = 8.0, .factor = 0.5, .floor = 3.0}}, 3),
            (LearningRates{8.0, 4.0, 3.0}));
  EXPECT_EQ(rates({ExponentialLearningRate{.eta = 8.0, .decay = 0.5, .floor = 3.0}}, 3),
            (LearningRates{8.0, 4.0, 3.0}));
}

TEST(LearningRateSchedule, FollowsACosineToItsFloorAndStaysThere) {
  const LearningRateSchedule cosine{CosineLearningRate{.eta = 3.0, .iterations = 4, .floor = 1.0}};
  EXPECT_EQ(learning_rate(cosine, 0), 3.0);
  EXPECT_DOUBLE_EQ(learning_rate(cosine, 1), 2.0 + std::sqrt(0.5));
  EXPECT_DOUBLE_EQ(learning_rate(cosine, 2), 2.0);
  EXPECT_DOUBLE_EQ(learning_rate(cosine, 3), 2.0 - std::sqrt(0.5));
  EXPECT_EQ(learning_rate(cosine, 4), 1.0);
  EXPECT_EQ(learning_rate(cosine, 1000), 1.0);
}

TEST(LearningRateSchedule, MayBeAnyFunctionOfTheIteration) {
  const auto function = [](std::int64_t n) { return n % 2 == 0 ? 0.5 : 0.25; };
  EXPECT_EQ(rates({LearningRateFunction(function)}, 3), (LearningRates{0.5, 0.25, 0.5}));
}

TEST(LearningRateSchedule, BeginsAfterItsWarmUp) {
  EXPECT_EQ(rates({StepLearningRate{.eta = 8.0, .factor = 0.5}, 3}, 6),
            (LearningRates{2.0, 4.0, 6.0, 8.0, 4.0, 2.0}));
}

std::string refused(const LearningRateSchedule& schedule) {
  return refusal([&] { (void)learning_rate(schedule, 0); });
}

TEST(LearningRateSchedule, MayWarmUpForEver) {
  const auto longest = std::numeric_limits<std::int64_t>::max();
  const LearningRateSchedule schedule{.rate = ConstantLearningRate{1.0}, .warm_up = longest};
  EXPECT_EQ(learning_rate(schedule, 0), 0x1p-63);
}

TEST(LearningRateSchedule, ThatMakesNoSenseIsRefused) {
  const std::string thing = "learning rate schedule: ", rate = ": must be >= 0 and finite",
                    factor = ": must be above 0 and at most 1", floor = ": must be at most eta = 1";
  EXPECT_EQ(refused({ConstantLearningRate{-1.0}}), thing + "eta = -1" + rate);
  EXPECT_EQ(refused({ConstantLearningRate{std::numeric_limits<double>::infinity()}}),
            thing + "eta = inf" + rate);
  EXPECT_EQ(refused({StepLearningRate{.eta = 1.0, .factor = 0.0}}), thing + "factor = 0" + factor);
  EXPECT_EQ(refused({StepLearningRate{.eta = 1.0, .every = 0}}),
            thing + "every = 0 iterations: must be >= 1");
  EXPECT_EQ(refused({StepLearningRate{.eta = 1.0, .floor = 2.0}}), thing + "floor = 2" + floor);
  EXPECT_EQ(refused({ExponentialLearningRate{.eta = 1.0, .decay = 1.5}}),
            thing + "decay = 1.5" + factor);
  EXPECT_EQ(refused({ExponentialLearningRate{.eta = 1.0, .floor = 2.0}}),
            thing + "floor = 2" + floor);
  EXPECT_EQ(refused({CosineLearningRate{.eta = 1.0, .iterations = 0}}),
            thing + "iterations = 0 iterations: must be >= 1");
  EXPECT_EQ(refused({CosineLearningRate{.eta = 1.0, .floor = -1.0}}), thing + "floor = -1" + rate);
  EXPECT_EQ(refused({LearningRateFunction([](std::int64_t) { return -2.0; })}),
            thing + "value of the function = -2" + rate);
  EXPECT_EQ(refused({LearningRateFunction()}),
            thing + "function = none: must be one that can be called");
  EXPECT_EQ(refused({ConstantLearningRate{1.0}, -1}),
            thing + "warm_up = -1 iterations: must be >= 0");
}

}  // namespace
}  // namespace eprop
