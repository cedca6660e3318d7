#include "training/check_training.hpp"

#include <gtest/gtest.h>

#include <string>

#include "refusal.hpp"
#include "toy_tasks.hpp"

namespace eprop::training {
namespace {

using testing::refusal;
using testing::ToyClasses;

/// What is said of a task after a change.
template <class Change>
std::string refused_task(Change change) {
  ToyClasses task({});
  change(task);
  return refusal([&] { check_task(task); });
}

/// What is said of samples after a change to the only one.
template <class Change>
std::string refused_sample(Change change) {
  ToyClasses task({});
  auto samples = task.next(Phase::training);
  change(samples.front());
  return refusal([&] { check_samples(task, samples); });
}

TEST(CheckTraining, AcceptsWhatCanBeTrained) {
  EXPECT_EQ(refused_task([](Task&) {}), "");
  EXPECT_EQ(refused_sample([](Sample&) {}), "");
  EXPECT_EQ(refusal([] { check_options({.output = "a.h5", .record = true}); }), "");
}

TEST(CheckTraining, RefusesTasksThatMakeNoSense) {
  EXPECT_EQ(refused_task([](Task& t) { t.name = "a/b"; }),
            "task: name = a/b: must be part of a file name");
  EXPECT_EQ(refused_task([](Task& t) { t.batch_size = 0; }),
            "task 'toy_classes': batch_size = 0: must be at least 1");
  EXPECT_EQ(refused_task([](Task& t) { t.sequence = 0; }),
            "task 'toy_classes': sequence = 0: must be at least 1");
  EXPECT_EQ(refused_task([](Task& t) { t.window = 0; }),
            "task 'toy_classes': window = 0: must be at least 1");
  EXPECT_EQ(refused_task([](Task& t) { t.window = 21; }),
            "task 'toy_classes': window = 21 steps: must be at most the 20 steps of the sequence");
}

TEST(CheckTraining, RefusesPlansThatMakeNoSense) {
  EXPECT_EQ(refused_task([](Task& t) { t.plan.iterations = -1; }),
            "training plan: iterations = -1: must be at least 0");
  EXPECT_EQ(refused_task([](Task& t) { t.plan.stop_batches = 0; }),
            "training plan: stop_batches = 0: must be at least 1");
  EXPECT_EQ(refused_task([](Task& t) { t.plan.stop_error = 1.5; }),
            "training plan: stop_error = 1.5: must be from 0 to 1");
  EXPECT_EQ(refused_task([](Task& t) { t.plan.learning_rate = {ConstantLearningRate{-1.0}}; }),
            "learning rate schedule: eta = -1: must be >= 0 and finite");
}

TEST(CheckTraining, RefusesSamplesThatDoNotFitTheTask) {
  const std::string thing = "task 'toy_classes', sample 0 of an iteration: ";
  EXPECT_EQ(refused_sample([](Sample& s) { s.spikes.pop_back(); }),
            thing + "spikes = 3 values: must be one for each of the 4 inputs");
  EXPECT_EQ(refused_sample([](Sample& s) { s.target.pop_back(); }),
            thing + "target = 1 values: must be one for each of the 2 readouts");
  EXPECT_EQ(refused_sample([](Sample& s) { s.target_steps.push_back(5); }),
            thing + "target = 1 values: must be one for each of the 2 target_steps");
  EXPECT_EQ(refused_sample([](Sample& s) { s.label = 2; }),
            thing + "label = 2: must be from 0 to 1, the last readout");
  const ToyClasses task({});
  EXPECT_EQ(refusal([&] { check_samples(task, {}); }),
            "task 'toy_classes': samples = 0 of an iteration: must be batch_size = 1");
}

TEST(CheckTraining, RefusesOptionsThatContradictOneAnother) {
  EXPECT_EQ(refusal([] { check_options({.record = true}); }),
            "training options: record = true: must have an output file");
  EXPECT_EQ(refusal([] { check_options({.checkpoint_every = -1}); }),
            "training options: checkpoint_every = -1: must be at least 0");
  EXPECT_EQ(refusal([] { check_options({.checkpoint_minutes = -0.5}); }),
            "training options: checkpoint_minutes = -0.5: must be at least 0 and finite");
  EXPECT_EQ(refusal([] { check_options({.initial_weights = "a.h5", .resume = "auto"}); }), "");
  EXPECT_EQ(refusal([] { check_options({.initial_weights = "a.h5", .resume = "b.ckpt"}); }),
            "training options: initial_weights = a.h5: must not be given with resume: the "
            "checkpoint brings the weights");
}

}  // namespace
}  // namespace eprop::training
