#include "training/training_run.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "distributed_test.hpp"
#include "eprop/comm/launch.hpp"
#include "message_of.hpp"
#include "results.hpp"
#include "scratch_folder.hpp"
#include "toy_tasks.hpp"

namespace eprop {
namespace {

using testing::ScratchFolder;
using testing::ToyClasses;
using testing::ToyCurve;
using testing::Trained;
using testing::trained;

constexpr TrainingPlan no_plan{};
const TrainingPlan stepwise_plan{.iterations = 6,
                                 .learning_rate = {StepLearningRate{.eta = 0.02, .every = 2}, 1}};
const TrainingPlan decaying_plan{
    .iterations = 6,
    .learning_rate = {ExponentialLearningRate{.eta = 0.05, .decay = 0.9}},
    .validate_every = 2,
    .test_iterations = 1};

/// Hands the samples of iteration `n` to a simulation, spike by spike.
void hand_over(Task& task, std::int64_t n, Simulation& simulation) {
  auto begin = static_cast<double>(n * task.batch_size * task.sequence);  // dt is 1 ms
  const auto offset = static_cast<double>(task.target_offset());
  for (const auto& sample : task.next(Phase::training)) {
    auto times = std::vector<std::vector<double>>(sample.spikes.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
      for (const Step t : sample.spikes[i]) times[i].push_back(begin + static_cast<double>(t));
    }
    simulation.append_spikes(task.in, times);
    StepRates target{{}, sample.target};
    for (const Step t : sample.target_steps) {
      target.times.push_back(begin + offset + static_cast<double>(t));
    }
    simulation.append_rates(task.target, target);
    const auto opens = begin + offset + static_cast<double>(task.sequence - task.window);
    if (task.window_signal) {
      simulation.append_rates(*task.window_signal, {{begin + offset, opens}, {{0.0, 1.0}}});
    }
    begin += static_cast<double>(task.sequence);
  }
}

/// What a user would write without a Trainer, for iterations with these learning rates.
Trained by_hand(Task& task, const std::vector<double>& rates, comm::Communicator& comm) {
  Simulation simulation(task.network, comm, testing::threads_per_rank());
  const auto offset = task.target_offset();
  simulation.track_loss(task.out, {.offset = static_cast<double>(offset),
                                   .interval = static_cast<double>(task.sequence),
                                   .window = static_cast<double>(task.window)});
  Trained result;
  hand_over(task, 0, simulation);
  for (std::size_t n = 0; n < rates.size(); ++n) {
    for (const auto p : task.plastic) {
      simulation.set_learning_rate(p, rates[n], RateChange::running_interval);
    }
    const auto next = static_cast<std::int64_t>(n) + 1;
    hand_over(task, next, simulation);
    simulation.run(next * task.batch_size * task.sequence + offset - simulation.step());
    double loss = 0.0;
    for (const auto& sample : simulation.take_losses(task.out)) {
      double squared = 0.0;
      for (const double e : sample.squared_error) squared += e;
      loss += 0.5 * squared / 2.0;  // readouts
    }
    result.losses.push_back(loss / static_cast<double>(task.batch_size));
  }
  result.weights = testing::plastic_weights(task, simulation);
  return result;
}

template <class Toy>
Trained by_trainer(const TrainingPlan& plan, comm::Communicator& comm,
                   TrainingOptions options = {}) {
  Toy task(plan);
  options.threads = testing::threads_per_rank();
  Trainer trainer(task, options, comm);
  return trained(task, trainer);
}

/// Draws its samples while the simulation runs, where there is a processor for that.
template <class Toy>
class Ahead final : public Toy {
 public:
  explicit Ahead(const TrainingPlan& training_plan) : Toy(training_plan) {
    this->draws_ahead = true;
  }
};

/// Asks to stop, on the last rank, when it has drawn samples for the `when`th time.
template <class Toy>
class Stopping final : public Toy {
 public:
  using Toy::Toy;
  std::vector<Sample> next(Phase phase) override {
    if (++drawn_ == when && is_last_rank) trainer->request_stop();
    return Toy::next(phase);
  }

  Trainer* trainer = nullptr;
  int when = 0;
  bool is_last_rank = false;

 private:
  int drawn_ = 0;
};

/// Goes on from the newest checkpoint, or begins, and stops in the middle of the first iteration:
/// the one before which samples are drawn for the `when`th time.
template <class Toy>
void train_until(int when, const TrainingPlan& plan, const TrainingOptions& options,
                 comm::Communicator& comm) {
  Stopping<Toy> task(plan);
  task.when = when;
  task.is_last_rank = comm.rank() == comm.size() - 1;
  Trainer trainer(task, options, comm);
  task.trainer = &trainer;
  trainer.run();
  EXPECT_EQ(trainer.iterations(), when - 2);
  const Step whole = task.batch_size * task.sequence, done = (when - 2) * whole;
  EXPECT_GT(trainer.simulation().step(), done == 0 ? 0 : done + task.target_offset());
  EXPECT_LT(trainer.simulation().step(), done + whole + task.target_offset());
  EXPECT_FALSE(trainer.finished());
}

/// Stopped in the middle of the first and of a later iteration, and resumed.
template <class Toy>
void expect_resumes_in_between(const TrainingPlan& plan, comm::Communicator& comm) {
  const auto best_of = [&](TrainingOptions options) {
    Toy task(plan);
    options.threads = testing::threads_per_rank();
    options.keep_best = true;
    Trainer trainer(task, options, comm);
    const auto result = trained(task, trainer);
    return std::pair(result, trainer.best());
  };
  const ScratchFolder folder(comm);
  const TrainingOptions options{
      .checkpoint_folder = folder.path(), .resume = "auto", .keep_best = true};
  train_until<Toy>(2, plan, options, comm);
  {
    Toy task(plan);
    Trainer trainer(task, options, comm);
    trainer.on_iteration([&](const IterationReport& report) {
      if (report.iteration == 2 && comm.rank() == 0) trainer.request_stop();
    });
    trainer.run();
    EXPECT_EQ(trainer.iterations(), 2);
  }
  train_until<Toy>(4, plan, options, comm);
  EXPECT_EQ(best_of(options), best_of({}));
  Toy again(plan);
  Trainer complete(again, options, comm);
  EXPECT_TRUE(complete.finished());
}

/// Stops after `stop` iterations, resumes on these ranks and, on rank 0, on one.
template <class Toy>
void expect_resumes(const TrainingPlan& plan, std::int64_t stop, comm::Communicator& comm) {
  const auto whole = by_trainer<Toy>(plan, comm);
  const ScratchFolder folder(comm);
  TrainingOptions options{.checkpoint_every = 100, .checkpoint_folder = folder.path()};
  Toy task(plan);
  Trainer first(task, options, comm);
  first.on_iteration([&](const IterationReport& r) {
    if (r.iteration == stop) first.stop();
  });
  first.run();
  EXPECT_EQ(first.iterations(), stop);
  options = {.resume = folder.path() / (task.name + "_" + std::to_string(stop) + ".ckpt")};
  EXPECT_EQ(by_trainer<Toy>(plan, comm, options), whole);
  if (comm.rank() != 0) return;
  EXPECT_EQ(by_trainer<Toy>(plan, *comm::make_serial(), options), whole);
}

}  // namespace

DISTRIBUTED_TEST(TrainingRun, EqualsALoopByHand, RANKS(1, 2)) {
  ToyCurve curve(no_plan);
  const auto expected = by_hand(curve, {0.01, 0.02, 0.02, 0.002, 0.002, 0.02 * 0.1 * 0.1}, comm);
  const auto got = by_trainer<ToyCurve>(stepwise_plan, comm);
  EXPECT_EQ(got.losses, expected.losses);
  EXPECT_EQ(got.weights, expected.weights);
  EXPECT_EQ(got.errors, std::vector<double>(6));
}

DISTRIBUTED_TEST(TrainingRun, EqualsALoopByHandWithPhases, RANKS(1, 2)) {
  ToyClasses classes(no_plan);
  std::vector<double> rates;
  for (const int n : {0, 1, -1, 2, 3, -1, 4, 5, -1, -1}) {
    rates.push_back(n < 0 ? 0.0 : 0.05 * std::pow(0.9, n));
  }
  const auto expected = by_hand(classes, rates, comm);
  const auto got = by_trainer<ToyClasses>(decaying_plan, comm);
  EXPECT_EQ(got.losses, expected.losses);
  EXPECT_EQ(got.weights, expected.weights);
}

DISTRIBUTED_TEST(TrainingRun, DoesNotShowItsLayout, RANKS(2, 3, 4)) {
  const auto curve = by_trainer<ToyCurve>(stepwise_plan, comm);
  const auto classes = by_trainer<ToyClasses>(decaying_plan, comm);
  if (comm.rank() != 0) return;
  EXPECT_EQ(by_trainer<ToyCurve>(stepwise_plan, *comm::make_serial()), curve);
  EXPECT_EQ(by_trainer<ToyClasses>(decaying_plan, *comm::make_serial()), classes);
}

DISTRIBUTED_TEST(TrainingRun, GoesOnAfterAStopAsIfThereHadBeenNone, RANKS(1, 2, 3)) {
  expect_resumes<ToyCurve>(stepwise_plan, 3, comm);
  expect_resumes<ToyClasses>(decaying_plan, 2, comm);  // a validation is due
  expect_resumes<ToyClasses>(decaying_plan, 3, comm);
}

DISTRIBUTED_TEST(TrainingRun, GoesOnInTheMiddleOfAnIteration, RANKS(1, 2, 3)) {
  expect_resumes_in_between<ToyCurve>(stepwise_plan, comm);
  expect_resumes_in_between<ToyClasses>(decaying_plan, comm);
}

DISTRIBUTED_TEST(TrainingRun, GoesOnBeforeItsFirstStep, RANKS(1, 2)) {
  const ScratchFolder folder(comm);
  ToyCurve task(stepwise_plan);
  Trainer trainer(task, {.checkpoint_folder = folder.path() / "new"}, comm);
  if (comm.rank() == 0) trainer.request_stop();
  trainer.run();
  EXPECT_EQ(trainer.simulation().step(), 0);
  EXPECT_EQ(trainer.latest_checkpoint(), folder.path() / "new" / "toy_curve_0.ckpt");
  EXPECT_EQ(by_trainer<ToyCurve>(stepwise_plan, comm, {.resume = trainer.latest_checkpoint()}),
            by_trainer<ToyCurve>(stepwise_plan, comm));
}

DISTRIBUTED_TEST(TrainingRun, WritesCheckpointsThatAreAskedForAndGoesOn, RANKS(1, 2)) {
  const ScratchFolder folder(comm);
  ToyCurve task(stepwise_plan);
  Trainer trainer(task, {.checkpoint_folder = folder.path()}, comm);
  trainer.on_iteration([&](const IterationReport& report) {
    if (report.iteration == 3 && comm.rank() == 0) trainer.request_checkpoint();
  });
  const auto expected = by_trainer<ToyCurve>(stepwise_plan, comm);
  EXPECT_EQ(trained(task, trainer), expected);
  const std::string checkpoint = folder.path() / "toy_curve_3.ckpt";
  EXPECT_EQ(by_trainer<ToyCurve>(stepwise_plan, comm, {.resume = checkpoint}), expected);
}

DISTRIBUTED_TEST(TrainingRun, WritesNoCheckpointIntoAFolderOfAnotherTraining, RANKS(1, 2)) {
  const ScratchFolder folder(comm);
  const auto in_the_folder = [&](void (Trainer::*ask)()) {
    ToyCurve task(stepwise_plan);
    Trainer trainer(task, {.checkpoint_folder = folder.path()}, comm);
    (trainer.*ask)();
    return trained(task, trainer);
  };
  const auto stop = [&] { (void)in_the_folder(&Trainer::request_stop); };
  stop();
  EXPECT_EQ(in_the_folder(&Trainer::request_checkpoint), by_trainer<ToyCurve>(stepwise_plan, comm));
  EXPECT_EQ(testing::message_of<std::runtime_error>(stop).find(
                "no checkpoint was written: folder " + folder.path().string() +
                ": has the checkpoint toy_curve_0.ckpt, "),
            0U);
}

DISTRIBUTED_TEST(TrainingRun, DrawsAheadWithTheSameResults, RANKS(1, 2)) {
  expect_resumes<Ahead<ToyCurve>>(stepwise_plan, 3, comm);
  expect_resumes<Ahead<ToyClasses>>(decaying_plan, 2, comm);
  EXPECT_EQ(by_trainer<Ahead<ToyCurve>>(stepwise_plan, comm),
            by_trainer<ToyCurve>(stepwise_plan, comm));
  EXPECT_EQ(by_trainer<Ahead<ToyClasses>>(decaying_plan, comm),
            by_trainer<ToyClasses>(decaying_plan, comm));
}

DISTRIBUTED_TEST(TrainingRun, StopsEarlyOnceValidationStaysGood, RANKS(1, 2)) {
  auto plan = decaying_plan;
  plan.stop_error = 0.5;
  plan.stop_batches = 3;
  ToyClasses task(plan);
  Trainer trainer(task, {}, comm);
  trainer.run();
  const std::vector<double> first(trainer.errors().begin() + 2, trainer.errors().begin() + 4);
  const std::vector<double> second(trainer.errors().begin() + 6, trainer.errors().begin() + 9);
  EXPECT_EQ(first, (std::vector{0.0, 1.0}));
  EXPECT_EQ(second, (std::vector{0.0, 0.0, 0.0}));
  std::string phases;
  for (const auto phase : trainer.phases()) phases += to_string(phase)[1];
  EXPECT_EQ(phases, "rraarraaae");  // tRaining, vAlidation, tEst
}

}  // namespace eprop
