#include "eprop/trainer.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>

#include "distributed_test.hpp"
#include "message_of.hpp"
#include "refusal.hpp"
#include "results.hpp"
#include "scratch_folder.hpp"
#include "toy_tasks.hpp"

namespace eprop {
namespace {

using testing::message_of;
using testing::refusal;
using testing::ScratchFolder;
using testing::ToyClasses;
using testing::ToyCurve;
using testing::trained;

const TrainingPlan classes_plan{.iterations = 4,
                                .learning_rate = {ConstantLearningRate{0.05}},
                                .validate_every = 2,
                                .test_iterations = 3};
const TrainingPlan curve_plan{.iterations = 4, .learning_rate = {ConstantLearningRate{0.02}}};

}  // namespace

DISTRIBUTED_TEST(Trainer, ReportsEveryIteration, RANKS(1, 2)) {
  ToyClasses task(classes_plan);
  Trainer trainer(task, {.threads = testing::threads_per_rank()}, comm);
  std::vector<IterationReport> reports;
  trainer.on_iteration([&](const IterationReport& report) { reports.push_back(report); });
  trainer.run();
  ASSERT_EQ(reports.size(), 9U);  // rraRra eee
  EXPECT_EQ(trainer.iterations(), 9);
  const auto phases = trainer.phases();
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const auto& report = reports[i];
    EXPECT_EQ(report.iteration, static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ(report.planned, 9);
    EXPECT_EQ(report.phase, phases[i]);
    EXPECT_EQ(report.loss, trainer.losses()[i]);
    EXPECT_EQ(report.error, trainer.errors()[i]);
    EXPECT_EQ(report.learning_rate, report.phase == Phase::training ? 0.05 : 0.0);
    EXPECT_EQ(report.time,
              20.0 * static_cast<double>(i + 1) + static_cast<double>(task.target_offset()));
  }
}

DISTRIBUTED_TEST(Trainer, ReportsNoErrorOfATaskWithoutClasses, RANKS(1)) {
  ToyCurve task(curve_plan);
  Trainer trainer(task, {}, comm);
  int reports = 0;
  trainer.on_iteration([&](const IterationReport& report) {
    ++reports;
    EXPECT_EQ(report.error, std::nullopt);
  });
  trainer.on_phase([&](const PhaseReport& report) { EXPECT_EQ(report.error, std::nullopt); });
  trainer.run();
  EXPECT_EQ(reports, 4);
}

DISTRIBUTED_TEST(Trainer, ReportsTheMeansOfPhasesThatHaveEnded, RANKS(1, 2)) {
  ToyClasses task(classes_plan);
  Trainer trainer(task, {}, comm);
  std::vector<PhaseReport> reports;
  trainer.on_phase([&](const PhaseReport& report) { reports.push_back(report); });
  trainer.run();
  const auto& losses = trainer.losses();
  const auto& errors = trainer.errors();
  ASSERT_EQ(reports.size(), 5U);
  EXPECT_EQ(reports[0].phase, Phase::training);
  EXPECT_EQ(reports[0].iterations, 2);
  EXPECT_EQ(reports[0].loss, (losses[0] + losses[1]) / 2);
  EXPECT_EQ(reports[1].phase, Phase::validation);
  EXPECT_EQ(reports[1].loss, losses[2]);
  EXPECT_EQ(reports[4].phase, Phase::test);
  EXPECT_EQ(reports[4].iterations, 3);
  EXPECT_EQ(reports[4].error, (errors[6] + errors[7] + errors[8]) / 3);
}

DISTRIBUTED_TEST(Trainer, CountsTestSamplesByLabelAndPrediction, RANKS(1, 2)) {
  ToyClasses task(classes_plan);
  Trainer trainer(task, {}, comm);
  trainer.run();
  const auto& confusion = trainer.confusion();
  ASSERT_EQ(confusion.size(), 4U);
  EXPECT_EQ(confusion[0] + confusion[1], 3);  // samples 6 to 8 are of class 0
  EXPECT_EQ(confusion[2] + confusion[3], 0);
  EXPECT_EQ(static_cast<double>(confusion[1]),
            trainer.errors()[6] + trainer.errors()[7] + trainer.errors()[8]);
}

DISTRIBUTED_TEST(Trainer, StopsAfterTheIterationThatIsGoingOn, RANKS(1, 2)) {
  ToyCurve task(curve_plan);
  Trainer trainer(task, {}, comm);
  int phases = 0;
  trainer.on_phase([&](const PhaseReport&) { ++phases; });
  trainer.on_iteration([&](const IterationReport& report) {
    if (report.iteration == 2) trainer.stop();
  });
  trainer.run();
  EXPECT_EQ(trainer.iterations(), 2);
  EXPECT_EQ(phases, 0);
  EXPECT_EQ(message_of<std::logic_error>([&] { trainer.run(); }),
            "training of toy_curve: has been run already");
}

DISTRIBUTED_TEST(Trainer, ScalesTheRatesToComeAlsoInAResumedTraining, RANKS(1, 2)) {
  auto plan = curve_plan;
  plan.learning_rate.rate =
      LearningRateFunction([](std::int64_t n) { return n < 2 ? 0.02 : 0.25 * 0.02; });
  ToyCurve expected_task(plan);
  Trainer with_function(expected_task, {}, comm);
  const auto expected = trained(expected_task, with_function);

  const ScratchFolder folder(comm);
  ToyCurve task(curve_plan);
  Trainer trainer(task, {.checkpoint_every = 3, .checkpoint_folder = folder.path()}, comm);
  trainer.on_iteration([&](const IterationReport& report) {
    if (report.iteration != 2) return;
    trainer.scale_learning_rate(0.5);
    trainer.scale_learning_rate(0.5);
  });
  EXPECT_EQ(trained(task, trainer), expected);

  ToyCurve again(curve_plan);
  Trainer resumed(again, {.resume = folder.path() / "toy_curve_3.ckpt"}, comm);
  EXPECT_EQ(trained(again, resumed), expected);
}

DISTRIBUTED_TEST(Trainer, RefusesToScaleByWhatIsNoFactor, RANKS(1)) {
  ToyCurve task(curve_plan);
  Trainer trainer(task, {}, comm);
  for (const double factor : {0.0, -1.0, std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(refusal([&] { trainer.scale_learning_rate(factor); }),
              "learning rate: factor = " +
                  std::string(factor == 0.0    ? "0"
                              : factor == -1.0 ? "-1"
                                               : "inf") +
                  ": must be above 0 and finite");
  }
}

DISTRIBUTED_TEST(Trainer, LetsCallbacksChangeTheSimulation, RANKS(1, 2)) {
  ToyCurve task(curve_plan);
  Trainer trainer(task, {}, comm);
  trainer.on_iteration([&](const IterationReport& report) {
    if (report.iteration != 4) return;
    const auto n = trainer.simulation().synapse_count(task.plastic[2]);
    trainer.simulation().set_weights(task.plastic[2], std::vector<double>(n, 0.5));
  });
  trainer.run();
  EXPECT_EQ(trainer.simulation().weights(task.plastic[2]).weight, std::vector<double>(14, 0.5));
}

DISTRIBUTED_TEST(Trainer, DoesNotShowItsReplicas, RANKS(1, 2, 4)) {
  constexpr std::int64_t batch = 8;
  const auto outcome = [&](const TrainingOptions& options) {
    ToyCurve task(curve_plan, batch);
    Trainer trainer(task, options, comm);
    const auto& [replicas, reason] = trainer.replicas();
    EXPECT_EQ(replicas, options.replicas != 0 ? options.replicas : comm.size() * options.threads);
    EXPECT_EQ(reason, "");
    return trained(task, trainer);
  };
  const auto expected = outcome({.replicas = 1});
  EXPECT_EQ(outcome({}), expected);
  if (testing::threads_per_rank() == 2 && comm.size() <= 2) {
    EXPECT_EQ(outcome({.threads = 2}), expected);
  }
  if (comm.size() > 1) {
    EXPECT_EQ(outcome({.replicas = 2}), expected);
  }
}

DISTRIBUTED_TEST(Trainer, SaysWhyItHasNoReplicas, RANKS(2)) {
  ToyClasses task(classes_plan);
  const Trainer trainer(task, {}, comm);
  EXPECT_EQ(trainer.replicas().replicas, 1);
  EXPECT_EQ(trainer.replicas().reason,
            "samples of a batch depend on each other: neurons of 'rec' are not reset after a "
            "sample: they are no bsshslm_2020");
  EXPECT_NE(refusal([&] { Trainer(task, {.replicas = 2}, comm); }), "");
}

DISTRIBUTED_TEST(Trainer, StartsWithTheWeightsOfAFile, RANKS(1, 2)) {
  const ScratchFolder folder(comm);
  const std::string output = folder.path() / "first.h5";
  ToyCurve first(curve_plan), second({.iterations = 0});
  Trainer trainer(first, {.output = output}, comm);
  const auto expected = trained(first, trainer).weights;
  Trainer other(second, {.initial_weights = output}, comm);
  EXPECT_EQ(trained(second, other).weights, expected);
}

DISTRIBUTED_TEST(Trainer, RefusesToReplaceWhatAnEarlierTrainingHasLeft, RANKS(1, 2)) {
  const ScratchFolder folder(comm);
  const TrainingOptions options{.output = folder.path() / "run.h5",
                                .checkpoint_every = 1,
                                .checkpoint_folder = folder.path() / "checkpoints"};
  ToyCurve task(curve_plan);
  {
    Trainer trainer(task, options, comm);
    trainer.on_iteration([&](const IterationReport&) { trainer.stop(); });
    trainer.run();
  }
  const auto refused = [&](const TrainingOptions& asked) {
    return message_of<std::runtime_error>([&] { Trainer trainer(task, asked, comm); });
  };
  EXPECT_EQ(refused(options),
            "folder " + options.checkpoint_folder +
                ": has the checkpoint toy_curve_1.ckpt, after 1 iterations of an unfinished "
                "training: resume " +
                options.checkpoint_folder +
                "/toy_curve_1.ckpt goes on with it, another checkpoint_folder keeps it, overwrite "
                "starts anew");
  EXPECT_EQ(refused({.output = options.output}),
            "output file " + options.output +
                ": exists already: another output keeps it, overwrite replaces it, resume "
                "CHECKPOINT goes on with it");
}

}  // namespace eprop
