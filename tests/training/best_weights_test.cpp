#include "training/best_weights.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "distributed_test.hpp"
#include "eprop/errors.hpp"
#include "message_of.hpp"
#include "refusal.hpp"
#include "results.hpp"
#include "scratch_folder.hpp"
#include "toy_tasks.hpp"

namespace eprop {
namespace {

using testing::plastic_weights;
using testing::ScratchFolder;
using testing::ToyClasses;
using testing::ToyCurve;

const TrainingPlan fast_curve_plan{.iterations = 5, .learning_rate = {ConstantLearningRate{0.5}}};
const TrainingPlan fast_classes_plan{
    .iterations = 6, .learning_rate = {ConstantLearningRate{0.05}}, .validate_every = 2};

/// The weights that a file has, as a simulation loads them.
std::vector<double> weights_in(const std::string& file, const Task& task,
                               comm::Communicator& comm) {
  Simulation simulation(task.network, comm);
  simulation.load_weights(file, task.plastic);
  return plastic_weights(task, simulation);
}

/// The iteration, counted from 1, that has the smallest loss of those in `phase`.
std::int64_t best_of(const Trainer& trainer, Phase phase) {
  const auto phases = trainer.phases();
  std::int64_t best = 0;
  for (std::size_t i = 0; i < phases.size(); ++i) {
    const auto& losses = trainer.losses();
    if (phases[i] != phase) continue;
    if (best == 0 || losses[i] < losses[static_cast<std::size_t>(best - 1)]) {
      best = static_cast<std::int64_t>(i) + 1;
    }
  }
  return best;
}

/// Trains and compares the best weights with those between iterations. A validation does not change
/// them, but in the plus family learning rates act on what is still to be learnt from the iteration
/// before: those after it are compared.
void expect_best(Task& task, Phase phase, comm::Communicator& comm) {
  const ScratchFolder folder(comm);
  const std::string file = folder.path() / "best.h5";
  Trainer trainer(task, {.threads = testing::threads_per_rank(), .keep_best = true}, comm);
  std::vector<std::vector<double>> between{plastic_weights(task, trainer.simulation())};
  trainer.on_iteration([&](const IterationReport&) {
    between.push_back(plastic_weights(task, trainer.simulation()));
  });
  trainer.run();
  const auto expected = best_of(trainer, phase);
  ASSERT_TRUE(trainer.best());
  EXPECT_EQ(trainer.best()->iteration, expected);
  EXPECT_EQ(trainer.best()->loss, trainer.losses()[static_cast<std::size_t>(expected - 1)]);
  trainer.write_best_weights(file);
  const auto loaded = weights_in(file, task, comm);
  EXPECT_EQ(loaded,
            between[static_cast<std::size_t>(phase == Phase::training ? expected - 1 : expected)]);
  EXPECT_NE(loaded, between.back());
  EXPECT_NE(testing::message_of<OutputError>([&] { trainer.write_best_weights(file); }), "");
  trainer.write_best_weights(file, {.overwrite = true});
}

}  // namespace

DISTRIBUTED_TEST(BestWeights, AreThoseWithWhichTheBestTrainingIterationBegan, RANKS(1, 2, 3)) {
  ToyCurve task(fast_curve_plan);
  expect_best(task, Phase::training, comm);
}

DISTRIBUTED_TEST(BestWeights, AreThoseOfTheBestValidationIfThereIsAny, RANKS(1, 2)) {
  ToyClasses task(fast_classes_plan);
  expect_best(task, Phase::validation, comm);
}

DISTRIBUTED_TEST(BestWeights, SurviveAResume, RANKS(1, 2)) {
  const ScratchFolder folder(comm);
  const std::string whole = folder.path() / "whole.h5", parts = folder.path() / "parts.h5";
  ToyCurve task(fast_curve_plan), again(fast_curve_plan);
  Trainer trainer(
      task, {.checkpoint_every = 4, .checkpoint_folder = folder.path(), .keep_best = true}, comm);
  trainer.run();
  ASSERT_LT(trainer.best()->iteration, 5);  // or there would be nothing to remember
  trainer.write_best_weights(whole);
  Trainer resumed(again, {.resume = folder.path() / "toy_curve_4.ckpt", .keep_best = true}, comm);
  resumed.run();
  EXPECT_EQ(resumed.best()->iteration, trainer.best()->iteration);
  resumed.write_best_weights(parts);
  EXPECT_EQ(weights_in(parts, task, comm), weights_in(whole, task, comm));
}

DISTRIBUTED_TEST(BestWeights, AreRefusedBeforeThereAreAny, RANKS(1)) {
  ToyCurve task(fast_curve_plan), other(fast_curve_plan);
  Trainer without(task, {}, comm), before(other, {.keep_best = true}, comm);
  without.run();
  EXPECT_EQ(without.best(), std::nullopt);
  EXPECT_EQ(testing::refusal([&] { without.write_best_weights("a.h5"); }),
            "best weights: path = a.h5: needs keep_best");
  EXPECT_EQ(testing::refusal([&] { before.write_best_weights("a.h5"); }),
            "best weights: path = a.h5: must come after the first iteration that counts");
}

}  // namespace eprop
