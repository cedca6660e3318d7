#include "engine/thread_choice.hpp"

#include <gtest/gtest.h>

namespace eprop::engine {
namespace {

/// Steps that take so many ticks.
struct StepCost {
  double shared, one;
};

/// How many of so many steps one thread does.
int steps_of_one_thread(ThreadChoice& choice, int steps, const StepCost& cost) {
  int by_one = 0;
  for (int i = 0; i < steps; ++i) {
    by_one += choice.one() ? 1 : 0;
    choice.took(choice.one() ? cost.one : cost.shared);
  }
  return by_one;
}

TEST(ThreadChoice, TakesWhatIsFaster) {
  ThreadChoice small, large;
  EXPECT_GT(steps_of_one_thread(small, 1000000, {.shared = 6000, .one = 2000}), 985000);
  EXPECT_LT(steps_of_one_thread(large, 1000, {.shared = 6e6, .one = 11e6}), 60);
}

TEST(ThreadChoice, IsChangedWhenTheWorkHasChanged) {
  ThreadChoice choice;
  steps_of_one_thread(choice, 1000000, {.shared = 6000, .one = 2000});
  EXPECT_TRUE(choice.one());
  steps_of_one_thread(choice, 1000000, {.shared = 6000, .one = 11000});
  EXPECT_LT(steps_of_one_thread(choice, 1000000, {.shared = 6000, .one = 11000}), 20000);
}

TEST(ThreadChoice, IsNotChangedForLittle) {
  ThreadChoice choice;
  EXPECT_GT(steps_of_one_thread(choice, 1000000, {.shared = 1960, .one = 2000}), 930000);
}

TEST(ThreadChoice, DoesNotHeedAFewSlowSteps) {
  ThreadChoice choice;
  const auto cost = [](bool one, int step) {
    return (one ? 11000.0 : 6000.0) + (step % 50 == 7 ? 200000.0 : 0.0);
  };
  int by_one = 0;
  for (int step = 0; step < 1000000; ++step) {
    by_one += choice.one() ? 1 : 0;
    choice.took(cost(choice.one(), step));
  }
  EXPECT_LT(by_one, 80000);
}

TEST(ThreadChoice, AsksForFewTimesOnly) {
  ThreadChoice choice;
  int asked = 0;
  for (int step = 0; step < 1000000; ++step) {
    asked += choice.measures() ? 1 : 0;
    choice.took(choice.one() ? 2000.0 : 6000.0);
  }
  EXPECT_GT(asked, 0);
  EXPECT_LT(asked, 30000);
}

}  // namespace
}  // namespace eprop::engine
