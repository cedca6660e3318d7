#include "support/schedule.hpp"

#include <gtest/gtest.h>

#include <string>

namespace eprop::examples {
namespace {

/// The phases of a whole training, one letter each; errors(i) is the error of iteration i.
template <class Errors>
std::string phases(const Plan& plan, Errors errors) {
  std::string letters;
  for (Schedule schedule(plan); !schedule.finished();) {
    letters += to_string(schedule.phase())[1];  // tRaining, vAlidation, tEst
    schedule.advance(errors(static_cast<int>(letters.size())));
  }
  return letters;
}

constexpr auto never_right = [](int) { return 1.0; };
constexpr auto always_right = [](int) { return 0.0; };

TEST(Schedule, TrainsThenTests) {
  EXPECT_EQ(phases({.iterations = 3, .test_iterations = 2}, never_right), "rrree");
}

TEST(Schedule, MayOnlyTest) {
  EXPECT_EQ(phases({.iterations = 0, .test_iterations = 2}, never_right), "ee");
}

TEST(Schedule, ValidatesOnceAfterSoManyTrainingIterations) {
  EXPECT_EQ(phases({.iterations = 5, .validate_every = 2, .stop_error = 0.1}, never_right),
            "rrarrar");
}

TEST(Schedule, StopsOnceValidationStaysGood) {
  const Plan plan{.iterations = 9,
                  .validate_every = 2,
                  .stop_error = 0.1,
                  .stop_batches = 3,
                  .test_iterations = 1};
  EXPECT_EQ(phases(plan, always_right), "rraaae");
}

TEST(Schedule, TrainsOnIfValidationTurnsBad) {
  const Plan plan{.iterations = 4, .validate_every = 2, .stop_error = 0.1, .stop_batches = 3};
  EXPECT_EQ(phases(plan, [](int i) { return i == 3 ? 0.0 : 1.0; }), "rraarra");
}

TEST(Schedule, NeverStopsEarlyWithoutStopError) {
  const Plan plan{.iterations = 2, .validate_every = 1, .stop_error = 0.0, .stop_batches = 1};
  EXPECT_EQ(phases(plan, always_right), "rara");
}

TEST(Schedule, KnowsTheLastIteration) {
  Schedule schedule({.iterations = 2, .test_iterations = 1});
  EXPECT_FALSE(schedule.last());
  schedule.advance(0.0);
  EXPECT_FALSE(schedule.last());
  schedule.advance(0.0);
  EXPECT_TRUE(schedule.last());
  schedule.advance(0.0);
  EXPECT_TRUE(schedule.finished());
}

TEST(Schedule, LooksOneIterationAheadAsIfErrorsStayedHigh) {
  for (const Plan& plan : {Plan{.iterations = 3, .test_iterations = 2},
                           Plan{.iterations = 5, .validate_every = 2, .test_iterations = 1}}) {
    Schedule schedule(plan);
    for (;;) {
      const Phase after = schedule.phase_after();
      schedule.advance(1.0);
      if (schedule.finished()) break;
      EXPECT_EQ(schedule.phase(), after);
    }
  }
}

}  // namespace
}  // namespace eprop::examples
