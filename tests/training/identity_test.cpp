#include "training/identity.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "toy_tasks.hpp"

namespace eprop::training {
namespace {

const TrainingPlan same_plan{.iterations = 4, .learning_rate = {ConstantLearningRate{0.02}}};

TEST(Identity, DoesNotDependOnWhereAndHowATrainingRuns) {
  const testing::ToyCurve task(same_plan);
  const auto expected = identity(task, {}, 1, 2);
  EXPECT_EQ(expected.size(), 8U);
  const TrainingOptions elsewhere{.threads = 2,
                                  .replicas = 2,
                                  .output = "b.h5",
                                  .checkpoint_every = 3,
                                  .checkpoint_folder = "elsewhere",
                                  .resume = "auto"};
  EXPECT_EQ(identity(task, elsewhere, 1, 2), expected);
}

TEST(Identity, TellsTrainingsApart) {
  std::set<std::string> different;
  const auto add = [&](const TrainingPlan& of, const TrainingOptions& options,
                       std::uint32_t network, std::uint32_t samples, std::int64_t batch) {
    different.insert(identity(testing::ToyCurve(of, batch), options, network, samples));
  };
  add(same_plan, {}, 1, 2, 2);
  add(same_plan, {}, 2, 2, 2);
  add(same_plan, {}, 1, 3, 2);
  add(same_plan, {}, 1, 2, 4);
  add(same_plan, {.initial_weights = "a.h5"}, 1, 2, 2);
  add(same_plan, {.record = true}, 1, 2, 2);
  auto other = same_plan;
  other.iterations = 5;
  add(other, {}, 1, 2, 2);
  other = same_plan;
  other.learning_rate = {ConstantLearningRate{0.03}};
  add(other, {}, 1, 2, 2);
  other = same_plan;
  other.test_iterations = 1;
  add(other, {}, 1, 2, 2);
  different.insert(identity(testing::ToyClasses(same_plan), {}, 1, 2));
  EXPECT_EQ(different.size(), 10U);
}

TEST(Identity, IsThereForATrainingOfNoIterations) {
  EXPECT_NE(identity(testing::ToyCurve({.iterations = 0}), {}, 1, 2), "");
}

}  // namespace
}  // namespace eprop::training
