#include "training/replay.hpp"

#include <gtest/gtest.h>

#include <string>

#include "eprop/errors.hpp"
#include "message_of.hpp"
#include "toy_tasks.hpp"

namespace eprop::training {
namespace {

const TrainingPlan plan{.iterations = 4, .validate_every = 2, .test_iterations = 1};

/// The state of a training of toy_classes by this plan after two training iterations.
TrainingState after_two() {
  testing::ToyClasses task(plan);
  const PhaseSequence phases(plan);
  SampleFeed feed(task);
  for (int n = 0; n < 3; ++n) feed.draw(phases);  // one ahead
  return {.task = task.name,
          .batch_size = 1,
          .losses = {1.0, 1.0},
          .errors = {1.0, 0.0},
          .phases = {0, 0},
          .pending = feed.checksum()};
}

/// What is said of a state with a change, resumed by another plan.
template <class Change>
std::string refused(Change change, const TrainingPlan& now = plan,
                    const TrainingOptions& options = {.resume = "a.ckpt"}) {
  auto state = after_two();
  change(state);
  testing::ToyClasses task(now);
  SampleFeed feed(task);
  PhaseSequence phases(now);
  return testing::message_of<CheckpointError>([&] { replay(state, task, options, feed, phases); });
}

constexpr auto as_it_was = [](TrainingState&) {};
const std::string checkpoint = "checkpoint 'a.ckpt': ",
                  other_options = checkpoint + "was trained with other options: ";

TEST(Replay, ComesToThePhaseAndTheSamplesThatFollow) {
  testing::ToyClasses task(plan);
  SampleFeed feed(task);
  PhaseSequence phases(plan);
  const auto state = after_two();
  replay(state, task, {.resume = "a.ckpt"}, feed, phases);
  EXPECT_EQ(phases.phase(), Phase::validation);
  EXPECT_EQ(phases.trained(), 2);
  EXPECT_EQ(feed.checksum(), state.pending);
  EXPECT_EQ(feed.take_labels(), std::vector{0});  // of iteration 3
}

TEST(Replay, ComesToTheMiddleOfAnIteration) {
  testing::ToyClasses drawn(plan), task(plan);
  SampleFeed ahead(drawn), feed(task);
  PhaseSequence phases(plan);
  for (int n = 0; n < 4; ++n) ahead.draw(phases);
  auto state = after_two();
  state.running = {.begun = true, .phase = 1};
  state.pending = ahead.checksum();
  replay(state, task, {.resume = "a.ckpt"}, feed, phases);
  EXPECT_EQ(phases.phase(), Phase::validation);
  EXPECT_EQ(feed.checksum(), state.pending);
  EXPECT_EQ(feed.take_labels(), std::vector{0});  // of iteration 3
  EXPECT_EQ(feed.take_labels(), std::vector{1});
}

TEST(Replay, RefusesAnotherPlanInTheMiddleOfAnIteration) {
  const auto begun = [](auto& s) { s.running = {.begun = true, .phase = 1}; };
  EXPECT_EQ(refused(begun, {.iterations = 4, .validate_every = 3}),
            other_options + "iteration 3 was another phase");
  EXPECT_EQ(refused(begun, {.iterations = 2}),
            other_options + "with these, training ends after iteration 2");
  EXPECT_EQ(refused(begun), other_options + "iteration 4 has begun with other samples");
}

TEST(Replay, GoesOnInTheMiddleOfTheLastIteration) {
  const TrainingPlan short_plan{.iterations = 3};
  const auto in_the_third = [&](auto& s) {
    testing::ToyClasses task(short_plan);
    const PhaseSequence phases(short_plan);
    SampleFeed feed(task);
    for (int n = 0; n < 4; ++n) feed.draw(phases);
    s.running = {.begun = true, .phase = 0};
    s.pending = feed.checksum();
    s.last_recorded = 42;
  };
  EXPECT_EQ(refused(in_the_third, short_plan), "");
  EXPECT_NE(refused(in_the_third, {.iterations = 4}), "");
}

TEST(Replay, RefusesAnotherTask) {
  EXPECT_EQ(refused([](auto& s) { s.task = "waves"; }),
            checkpoint + "is of the task waves, not toy_classes");
  EXPECT_EQ(refused([](auto& s) { s.batch_size = 3; }),
            checkpoint + "was trained with 3 samples per iteration, not 1");
}

TEST(Replay, RefusesOtherRecordings) {
  EXPECT_EQ(refused([](auto& s) { s.record = true; }), checkpoint + "was trained with recordings");
  EXPECT_EQ(refused(as_it_was, plan, {.output = "a.h5", .record = true, .resume = "a.ckpt"}),
            checkpoint + "was trained without recordings");
}

TEST(Replay, RefusesAnotherPlan) {
  EXPECT_EQ(refused(as_it_was, {.iterations = 1}),
            other_options + "with these, training ends after iteration 1");
  EXPECT_EQ(refused(as_it_was, {.iterations = 4, .validate_every = 1}),
            other_options + "iteration 2 was another phase");
}

TEST(Replay, RefusesOtherSamples) {
  EXPECT_EQ(refused([](auto& s) { ++s.pending; }),
            other_options + "iteration 3 has begun with other samples");
}

TEST(Replay, RefusesToGoOnAfterTheLastIterationWasRecorded) {
  EXPECT_EQ(refused([](auto& s) { s.last_recorded = 20; }),
            checkpoint +
                "is of the end of a training, whose last iteration has been recorded as such; "
                "continue from an earlier one");
}

}  // namespace
}  // namespace eprop::training
