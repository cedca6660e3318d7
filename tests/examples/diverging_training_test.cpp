#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "eprop/comm/launch.hpp"
#include "message_of.hpp"
#include "scratch_folder.hpp"
#include "support/training.hpp"

namespace eprop::examples {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

/// One input that learns to drive one readout, at a rate beyond all reason.
class HugeSteps final : public Task {
 public:
  HugeSteps() : Task({.update_interval = 20.0, .learning_window = 20.0}) {
    name = "huge_steps";
    in = network.add("in", SpikeTrains{std::vector<std::vector<double>>(1)});
    out = network.add("out", 1, EpropReadoutBsshslm2020{});
    target = network.add("target", StepRates{{}, {{}}});
    network.connect_rate(target, out, RateReceptor::target_signal);
    EpropSynapseBsshslm2020 synapse;
    synapse.optimizer = GradientDescent{.Wmin = -1e308, .Wmax = 1e308};
    plastic = {network.connect(in, out, AllToAll{}, synapse)};
    sequence = window = 20;
    eta = 1e300;
    plan.iterations = 5;
  }
  std::vector<Sample> next(Phase) override { return {{{{3, 8}}, {0}, {{10.0}}, 0}}; }
};

class DivergingTraining : public ::testing::Test {
 protected:
  /// What a training with checkpoints every so many iterations ends with.
  [[nodiscard]] std::string end_of_training(std::int64_t checkpoint_every) const {
    Options options{.output = folder_.path() / "run.h5",
                    .record = false,
                    .checkpoint_every = checkpoint_every,
                    .checkpoint_dir = folder_.path(),
                    .quiet = true};
    std::string end;
    comm::run_as_threads(1, [&](comm::Communicator& comm) {
      HugeSteps task;
      end = testing::message_of<Diverged>([&] { train(task, options, comm); });
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

TEST_F(DivergingTraining, SaysHowToHaveACheckpoint) {
  EXPECT_THAT(
      end_of_training(0),
      EndsWith(", in iteration 2; no checkpoint was written before it (--checkpoint-every)"));
}

}  // namespace eprop::examples
