#include "training/phase_sequence.hpp"

#include <gtest/gtest.h>

#include <string>

namespace eprop::training {
namespace {

/// The phases of a whole training, one letter each; errors(i) is the error of iteration i.
template <class Errors>
std::string phases(const TrainingPlan& plan, Errors errors) {
  std::string letters;
  for (PhaseSequence sequence(plan); !sequence.finished();) {
    letters += to_string(sequence.phase())[1];  // tRaining, vAlidation, tEst
    sequence.advance(errors(static_cast<int>(letters.size())));
  }
  return letters;
}

constexpr auto never_right = [](int) { return 1.0; };
constexpr auto always_right = [](int) { return 0.0; };

TEST(PhaseSequence, TrainsThenTests) {
  EXPECT_EQ(phases({.iterations = 3, .test_iterations = 2}, never_right), "rrree");
}

TEST(PhaseSequence, MayOnlyTest) {
  EXPECT_EQ(phases({.iterations = 0, .test_iterations = 2}, never_right), "ee");
}

TEST(PhaseSequence, ValidatesOnceAfterSoManyTrainingIterations) {
  EXPECT_EQ(phases({.iterations = 5, .validate_every = 2, .stop_error = 0.1}, never_right),
            "rrarrar");
}

TEST(PhaseSequence, StopsOnceValidationStaysGood) {
  const TrainingPlan plan{.iterations = 9,
                          .validate_every = 2,
                          .stop_error = 0.1,
                          .stop_batches = 3,
                          .test_iterations = 1};
  EXPECT_EQ(phases(plan, always_right), "rraaae");
}

TEST(PhaseSequence, TrainsOnIfValidationTurnsBad) {
  const TrainingPlan plan{
      .iterations = 4, .validate_every = 2, .stop_error = 0.1, .stop_batches = 3};
  EXPECT_EQ(phases(plan, [](int i) { return i == 3 ? 0.0 : 1.0; }), "rraarra");
}

TEST(PhaseSequence, NeverStopsEarlyWithoutStopError) {
  const TrainingPlan plan{
      .iterations = 2, .validate_every = 1, .stop_error = 0.0, .stop_batches = 1};
  EXPECT_EQ(phases(plan, always_right), "rara");
}

TEST(PhaseSequence, KnowsTheLastIteration) {
  PhaseSequence sequence({.iterations = 2, .test_iterations = 1});
  EXPECT_FALSE(sequence.last());
  sequence.advance(0.0);
  EXPECT_FALSE(sequence.last());
  sequence.advance(0.0);
  EXPECT_TRUE(sequence.last());
  sequence.advance(0.0);
  EXPECT_TRUE(sequence.finished());
}

TEST(PhaseSequence, KnowsHowManyIterationsThereWillBeIfTrainingGoesOn) {
  PhaseSequence sequence({.iterations = 5, .validate_every = 2, .test_iterations = 1});
  for (int done = 0; done < 8; ++done) {
    EXPECT_EQ(sequence.planned(), 8) << "after " << done;  // rrarrare
    sequence.advance(1.0);
  }
  EXPECT_TRUE(sequence.finished());
}

TEST(PhaseSequence, LooksAheadAsIfErrorsStayedHigh) {
  for (const TrainingPlan& plan :
       {TrainingPlan{.iterations = 3, .test_iterations = 2},
        TrainingPlan{.iterations = 5, .validate_every = 2, .test_iterations = 1}}) {
    PhaseSequence sequence(plan);
    for (;;) {
      const auto after = sequence.after(1), later = sequence.after(2);
      sequence.advance(1.0);
      EXPECT_EQ(sequence.finished(), after.finished());
      EXPECT_EQ(sequence.phase(), after.phase());
      EXPECT_EQ(sequence.after(1).finished(), later.finished());
      EXPECT_EQ(sequence.after(1).phase(), later.phase());
      if (sequence.finished()) break;
    }
  }
}

}  // namespace
}  // namespace eprop::training
