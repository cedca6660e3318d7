#include "devices/loss_tracker.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace eprop::devices {
namespace {

double signal(Step t, std::size_t k) {
  return 0.5 + 0.4 * std::sin(0.3 * static_cast<double>(t) + static_cast<double>(k));
}
double target(Step t, std::size_t k) { return (t + static_cast<Step>(k)) % 3 == 0 ? 1.0 : 0.0; }

struct Tracked {
  explicit Tracked(Loss loss) : block(model(loss), 0, {0, 2}, 1.0, 1) {}
  static EpropReadoutBsshslm2020 model(Loss loss) {
    EpropReadoutBsshslm2020 m;
    m.loss = loss;
    return m;
  }
  void observe(LossTracker& tracker, Step first, Step last) {
    for (Step t = first; t < last; ++t) {
      for (std::size_t k = 0; k < 2; ++k) {
        block.signal[k] = signal(t, k);
        block.target[k] = target(t, k);
        if (!block.log_signal.empty()) block.log_signal[k] = std::log(signal(t, k));
      }
      tracker.observe(t, block);
    }
  }
  neurons::ReadoutBlock block;
};

void expect_sums(const LossTracker::Sums& sums, std::size_t k, Step first, Step last,
                 bool classifies) {
  double squared = 0.0, entropy = 0.0, readout = 0.0, goal = 0.0;
  for (Step t = first; t < last; ++t) {
    squared += std::pow(signal(t, k) - target(t, k), 2.0);
    entropy -= target(t, k) * std::log(signal(t, k));
    readout += signal(t, k);
    goal += target(t, k);
  }
  EXPECT_NEAR(sums.squared_error, squared, 1e-12);
  EXPECT_NEAR(sums.cross_entropy, classifies ? entropy : 0.0, 1e-12);
  EXPECT_NEAR(sums.readout, readout, 1e-12);
  EXPECT_NEAR(sums.target, goal, 1e-12);
}

TEST(LossTracker, SumsEachIntervalFromTheOffsetOn) {
  Tracked tracked(Loss::mean_squared_error);
  LossTracker tracker({.offset = 4, .interval = 10, .window = 10}, 2);
  tracked.observe(tracker, 0, 37);
  const auto sums = tracker.take();
  ASSERT_EQ(sums.size(), 6U);  // three intervals of two readouts
  for (Step m = 0; m < 3; ++m) {
    for (std::size_t k = 0; k < 2; ++k) {
      expect_sums(sums[static_cast<std::size_t>(m) * 2 + k], k, 4 + 10 * m, 14 + 10 * m, false);
    }
  }
}

TEST(LossTracker, CountsTheWindowAtTheEndOfEachIntervalOnly) {
  Tracked tracked(Loss::cross_entropy);
  LossTracker tracker({.offset = 0, .interval = 10, .window = 3}, 2);
  tracked.observe(tracker, 0, 20);
  const auto sums = tracker.take();
  ASSERT_EQ(sums.size(), 4U);
  for (std::size_t k = 0; k < 2; ++k) {
    expect_sums(sums[k], k, 7, 10, true);
    expect_sums(sums[2 + k], k, 17, 20, true);
  }
}

TEST(LossTracker, GivesEveryIntervalOnce) {
  Tracked tracked(Loss::mean_squared_error);
  LossTracker tracker({.offset = 0, .interval = 5, .window = 5}, 2);
  tracked.observe(tracker, 0, 12);
  EXPECT_EQ(tracker.take().size(), 4U);
  EXPECT_TRUE(tracker.take().empty());
  tracked.observe(tracker, 12, 15);
  const auto sums = tracker.take();
  ASSERT_EQ(sums.size(), 2U);
  expect_sums(sums[1], 1, 10, 15, false);
}

TEST(LossTracker, IgnoresImpossibleOutputsThatNobodyAskedFor) {
  Tracked tracked(Loss::cross_entropy);
  LossTracker tracker({.offset = 0, .interval = 1, .window = 1}, 2);
  tracked.block.signal = {0.0, 1.0};
  tracked.block.log_signal = {-std::numeric_limits<double>::infinity(), 0.0};
  tracked.block.target = {0.0, 1.0};
  tracker.observe(0, tracked.block);
  EXPECT_EQ(tracker.take()[0].cross_entropy, 0.0);  // 0 log 0
  EXPECT_TRUE(tracker.finite());
}

TEST(LossTracker, TakesTheLogarithmOfOutputsThatAreTooSmallForANumber) {
  Tracked tracked(Loss::cross_entropy);
  LossTracker tracker({.offset = 0, .interval = 1, .window = 1}, 2);
  tracked.block.signal = {0.0, 1.0};
  tracked.block.log_signal = {-2000.0, 0.0};
  tracked.block.target = {0.5, 0.5};
  tracker.observe(0, tracked.block);
  EXPECT_EQ(tracker.take()[0].cross_entropy, 1000.0);
}

TEST(LossTracker, KnowsWhetherTheSumsOfItsCompletedIntervalsAreFinite) {
  Tracked tracked(Loss::mean_squared_error);
  LossTracker tracker({.offset = 0, .interval = 2, .window = 2}, 2);
  tracked.block.signal = {0.0, 1e200};  // its square is not
  tracker.observe(0, tracked.block);
  EXPECT_TRUE(tracker.finite());
  tracked.block.signal = {0.0, 0.0};
  tracker.observe(1, tracked.block);
  EXPECT_FALSE(tracker.finite());
}

TEST(LossTracker, RestartsWithTheIntervalsFromAStepOn) {
  Tracked tracked(Loss::mean_squared_error);
  LossTracker tracker({.offset = 4, .interval = 10, .window = 10}, 2);
  tracked.observe(tracker, 0, 20);  // into interval 1
  tracker.restart(44);
  tracked.observe(tracker, 42, 54);
  auto completed = tracker.take();
  ASSERT_EQ(completed.size(), 4U);
  for (std::size_t k = 0; k < 2; ++k) {
    expect_sums(completed[k], k, 4, 14, false);
    expect_sums(completed[2 + k], k, 44, 54, false);
  }
  LossTracker later({.offset = 64, .interval = 10, .window = 10}, 2);
  later.restart(44);
  tracked.observe(later, 42, 74);
  EXPECT_EQ(later.take().size(), 2U);
}

}  // namespace
}  // namespace eprop::devices
