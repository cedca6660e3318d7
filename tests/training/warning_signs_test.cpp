#include "training/warning_signs.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "distributed_test.hpp"
#include "results.hpp"
#include "scratch_folder.hpp"
#include "toy_tasks.hpp"

namespace eprop {
namespace {

using testing::ScratchFolder;

/// Its neurons never reach their threshold, and its input weights start at their bounds.
class Hopeless final : public Task {
 public:
  explicit Hopeless(std::int64_t iterations)
      : Task({.seed = 3, .update_interval = 20.0, .learning_window = 20.0}) {
    name = "hopeless";
    plan.iterations = iterations;
    in = network.add("in", SpikeTrains{{{}, {}}});
    EpropIafBsshslm2020 neuron;
    neuron.V_th = 1e6;
    recurrent = {network.add("rec", 3, neuron)};
    out = network.add("out", 1, EpropReadoutBsshslm2020{});
    target = network.add("target", StepRates{{}, {{}}});
    network.connect_rate(target, out, RateReceptor::target_signal);
    EpropSynapseBsshslm2020 bounded, other;
    bounded.optimizer = GradientDescent{.Wmin = -1.0, .Wmax = 1.0};
    bounded.weight = 1.0;
    plastic = {network.connect(in, recurrent[0], AllToAll{}, bounded),
               network.connect(recurrent[0], out, AllToAll{}, other)};
    network.connect_learning_signal(out, recurrent[0], AllToAll{}, 1.0);
    sequence = window = 20;
  }
  std::vector<Sample> next(Phase) override { return {{{{3, 8}, {5}}, {0}, {{1.0}}, 0}}; }
};

/// What rank 0 prints while a training runs.
std::string printed(Task& task, const TrainingOptions& options, comm::Communicator& comm,
                    std::int64_t stop = 0) {
  if (comm.rank() == 0) ::testing::internal::CaptureStderr();
  {
    Trainer trainer(task, options, comm);
    trainer.on_iteration([&](const IterationReport& report) {
      if (report.iteration == stop) trainer.stop();
    });
    trainer.run();
  }
  return comm.rank() == 0 ? ::testing::internal::GetCapturedStderr() : std::string();
}

std::string warnings(std::int64_t iterations) {
  const auto n = std::to_string(iterations);
  return "hopeless: warning: population 'rec': has not spiked in " + n +
         " training iterations\nhopeless: warning: projection 'in_rec': all of its 6 weights are "
         "Wmin "
         "or Wmax of the optimizer after " +
         n + " training iterations\n";
}

}  // namespace

DISTRIBUTED_TEST(WarningSigns, AreToldOfOnce, RANKS(1, 2)) {
  for (const auto& [iterations, told] : {std::pair{9, 0}, {10, 10}, {12, 10}, {101, 10}}) {
    Hopeless task(iterations);
    const auto all = printed(task, {.threads = testing::threads_per_rank()}, comm);
    if (comm.rank() == 0) {
      EXPECT_EQ(all, told == 0 ? "" : warnings(told));
    }
  }
}

DISTRIBUTED_TEST(WarningSigns, AreToldOfOnceHoweverOftenTrainingIsResumed, RANKS(1, 2)) {
  const ScratchFolder folder(comm);
  const TrainingOptions options{.checkpoint_folder = folder.path(), .resume = "auto"};
  Hopeless first(12), second(12);
  const auto before = printed(first, options, comm, 11);
  EXPECT_EQ(printed(second, options, comm), "");
  if (comm.rank() == 0) {
    EXPECT_EQ(before, warnings(10));
  }
}

DISTRIBUTED_TEST(WarningSigns, AreNotSeenInNetworksThatSpike, RANKS(1, 2)) {
  testing::ToyCurve task({.iterations = 12, .learning_rate = {ConstantLearningRate{0.02}}}, 8);
  for (const int replicas : {1, 0}) {
    EXPECT_EQ(printed(task, {.threads = testing::threads_per_rank(), .replicas = replicas}, comm),
              "");
  }
}

DISTRIBUTED_TEST(WarningSigns, OfSpikesGoWithTheCheckpoint, RANKS(1, 2)) {
  testing::ToyCurve task({.iterations = 2});
  training::TrainingState state;
  training::WarningSigns signs(task, comm, state);
  Simulation simulation(task.network, comm);
  signs.note_spikes(simulation);
  EXPECT_EQ(state.spiked, std::vector<std::int64_t>{0});
  simulation.append_spikes(task.in, {{1.0, 2.0, 3.0}, {1.0, 2.0, 3.0}, {1.0, 2.0}, {}});
  simulation.run(20);
  signs.note_spikes(simulation);
  EXPECT_EQ(state.spiked, std::vector<std::int64_t>{1});
}

}  // namespace eprop
