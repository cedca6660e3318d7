#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "eprop/comm/launch.hpp"
#include "eprop/errors.hpp"
#include "message_of.hpp"
#include "scratch_folder.hpp"
#include "toy_tasks.hpp"

namespace eprop::training {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

/// The errors of two readouts are finite, their sum is not, from the second iteration on.
class HugeTargets final : public Task {
 public:
  HugeTargets() : Task({.update_interval = 20.0, .learning_window = 20.0}) {
    name = "huge_targets";
    in = network.add("in", SpikeTrains{{{}}});
    out = network.add("out", 2, EpropReadoutBsshslm2020{});
    target = network.add("target", StepRates{{}, {{}, {}}});
    network.connect_rate(target, out, RateReceptor::target_signal);
    plastic = {network.connect(in, out, AllToAll{}, EpropSynapseBsshslm2020{})};
    sequence = window = 20;
    plan = {.iterations = 5, .learning_rate = {ConstantLearningRate{0.0}}};
  }
  std::vector<Sample> next(Phase) override {
    const double height = drawn_++ == 0 ? 1.0 : 2.4e153;
    return {{{{}}, {0}, {{height}, {height}}, 0}};
  }

 private:
  int drawn_ = 0;
};

class DivergingTraining : public ::testing::Test {
 protected:
  /// What a training with checkpoints every so many iterations ends with.
  template <class T = testing::HugeSteps>
  [[nodiscard]] std::string end_of_training(std::int64_t checkpoint_every) const {
    const TrainingOptions options{.checkpoint_every = checkpoint_every,
                                  .checkpoint_folder = folder_.path(),
                                  .names = {.checkpoint_every = "--every"}};
    std::string end;
    comm::run_as_threads(1, [&](comm::Communicator& comm) {
      T task;
      Trainer trainer(task, options, comm);
      end = testing::message_of<Diverged>([&] { trainer.run(); });
    });
    return end;
  }

  const testing::ScratchFolder folder_;
};

}  // namespace

TEST_F(DivergingTraining, NamesTheIterationAndTheLastCheckpointBeforeIt) {
  const auto end = end_of_training(1);
  EXPECT_THAT(end, StartsWith("population 'out': its loss is not finite in step 43 (43 ms)"));
  const auto saved = folder_.path() / "huge_steps_1.ckpt";
  EXPECT_THAT(end,
              EndsWith(", in iteration 2; the last checkpoint before it is " + saved.string()));
  EXPECT_TRUE(std::filesystem::exists(saved));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "huge_steps_2.ckpt"));
}

TEST_F(DivergingTraining, EndsWithALossThatIsNotFinite) {
  const auto end = end_of_training<HugeTargets>(1);
  const auto saved = folder_.path() / "huge_targets_1.ckpt";
  EXPECT_EQ(end,
            "population 'out': the loss of an iteration is not finite in step 44 (44 ms): the "
            "simulation has diverged, in iteration 2; the last checkpoint before it is " +
                saved.string());
  EXPECT_TRUE(std::filesystem::exists(saved));
}

TEST_F(DivergingTraining, SaysHowToHaveACheckpoint) {
  EXPECT_THAT(end_of_training(0),
              EndsWith(", in iteration 2; no checkpoint was written before it (--every)"));
}

}  // namespace eprop::training
