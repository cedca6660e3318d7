#include "training/checkpoint_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "eprop/comm/launch.hpp"
#include "eprop/errors.hpp"
#include "scratch_folder.hpp"
#include "toy_tasks.hpp"

namespace eprop::training {
namespace {

class CheckpointFolderTest : public ::testing::Test {
 protected:
  [[nodiscard]] TrainingOptions options() const {
    return {.checkpoint_every = 1, .checkpoint_folder = scratch_.path()};
  }
  void put(const std::string& name) const { std::ofstream(scratch_.path() / name) << "something"; }

  /// Saves checkpoints after 1, 2, ... iterations.
  static void save(CheckpointFolder& folder, std::size_t iterations, comm::Communicator& comm) {
    const testing::ToyCurve task({});
    Simulation simulation(task.network, comm);
    TrainingState state;
    for (std::size_t i = 0; i < iterations; ++i) {
      state.losses.push_back(0.0);
      folder.save(state, simulation);
    }
  }

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& path : checkpoints_of("toy", scratch_.path())) {
      found.push_back(path.filename());
    }
    return found;
  }

  using Names = std::vector<std::string>;
  const testing::ScratchFolder scratch_;
  const std::unique_ptr<comm::Communicator> comm_ = comm::make_serial();
};

TEST_F(CheckpointFolderTest, ListsCheckpointsOfATaskByIteration) {
  for (const char* name : {"toy_10.ckpt", "toy_9.ckpt", "toy_x.ckpt", "toy_1.h5", "other_3.ckpt"}) {
    put(name);
  }
  EXPECT_EQ(names(), (Names{"toy_9.ckpt", "toy_10.ckpt"}));
  EXPECT_TRUE(checkpoints_of("toy", scratch_.path() / "nowhere").empty());
}

TEST_F(CheckpointFolderTest, KeepsTheLatestTwoAndThoseOfEarlierRuns) {
  put("toy_77.ckpt");
  CheckpointFolder folder("toy", options(), *comm_);
  EXPECT_EQ(folder.latest(), std::nullopt);
  save(folder, 3, *comm_);
  EXPECT_EQ(names(), (Names{"toy_2.ckpt", "toy_3.ckpt", "toy_77.ckpt"}));
  EXPECT_EQ(folder.latest(), (scratch_.path() / "toy_3.ckpt").string());
}

TEST_F(CheckpointFolderTest, TakesTheOneItGoesOnFromAndTheOneBeforeForItsOwn) {
  for (const char* name : {"toy_0.ckpt", "toy_8.ckpt", "toy_9.ckpt"}) put(name);
  CheckpointFolder folder("toy", options(), *comm_);
  folder.adopt(scratch_.path() / "toy_9.ckpt", "toy_8.ckpt");
  save(folder, 1, *comm_);
  EXPECT_EQ(names(), (Names{"toy_0.ckpt", "toy_1.ckpt", "toy_9.ckpt"}));
  save(folder, 2, *comm_);
  EXPECT_EQ(names(), (Names{"toy_0.ckpt", "toy_1.ckpt", "toy_2.ckpt"}));
}

TEST_F(CheckpointFolderTest, ReplacesTheOneOfTheSameIteration) {
  CheckpointFolder folder("toy", options(), *comm_);
  const testing::ToyCurve task({});
  Simulation simulation(task.network, *comm_);
  TrainingState state;
  const auto previous = [&](const std::string& name) {
    return training_state(read_user_data(scratch_.path() / name), name).previous;
  };
  folder.save(state, simulation);
  state.losses.push_back(0.0);
  for (int i = 0; i < 3; ++i) folder.save(state, simulation);
  EXPECT_EQ(names(), (Names{"toy_0.ckpt", "toy_1.ckpt"}));
  EXPECT_EQ(previous("toy_0.ckpt"), "");
  EXPECT_EQ(previous("toy_1.ckpt"), "toy_0.ckpt");
}

TEST_F(CheckpointFolderTest, IsOpenIfCheckpointsAreWantedOrOnceTheyAre) {
  const auto opens = [&](TrainingOptions options) {
    options.checkpoint_folder = scratch_.path();
    return CheckpointFolder("toy", options, *comm_).is_open();
  };
  EXPECT_TRUE(opens({.checkpoint_minutes = 0.5}));
  EXPECT_TRUE(opens({.resume = "auto"}));
  EXPECT_TRUE(opens({.resume = "latest"}));
  EXPECT_FALSE(opens({.resume = "toy_1.ckpt"}));
  CheckpointFolder folder("toy", {.checkpoint_folder = scratch_.path()}, *comm_);
  EXPECT_FALSE(folder.is_open());
  folder.open();
  save(folder, 1, *comm_);
  EXPECT_EQ(names(), (Names{"toy_1.ckpt"}));
}

TEST_F(CheckpointFolderTest, ReplacesThoseOfAnEarlierRunOnceThereIsANewOne) {
  put("toy_77.ckpt");
  put("toy_78.ckpt");
  auto replacing = options();
  replacing.overwrite = true;
  replacing.initial_weights = scratch_.path() / "toy_78.ckpt";
  CheckpointFolder folder("toy", replacing, *comm_);
  EXPECT_EQ(names(), (Names{"toy_77.ckpt", "toy_78.ckpt"}));
  save(folder, 1, *comm_);
  EXPECT_EQ(names(), (Names{"toy_1.ckpt", "toy_78.ckpt"}));
}

TEST_F(CheckpointFolderTest, IsOfOneTrainingAtATime) {
  const CheckpointFolder folder("toy", options(), *comm_);
  EXPECT_THROW(CheckpointFolder("toy", options(), *comm_), OutputError);
  EXPECT_NO_THROW(CheckpointFolder("other", options(), *comm_));
}

}  // namespace
}  // namespace eprop::training
