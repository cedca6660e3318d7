#include "training/earlier_run.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "eprop/comm/launch.hpp"
#include "message_of.hpp"
#include "scratch_folder.hpp"
#include "toy_tasks.hpp"
#include "training/recordings.hpp"

namespace eprop::training {
namespace {

/// Tests in a folder of their own, as the paths of most runs are relative.
class EarlierRun : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::current_path(folder_.path()); }
  void TearDown() override { std::filesystem::current_path(before_); }

  static std::string refusal(const std::string& output, const std::string& checkpoint_dir) {
    TrainingOptions options;
    options.output = output;
    options.checkpoint_folder = checkpoint_dir;
    options.checkpoint_every = 2;
    return testing::message_of<std::runtime_error>(
        [&] { require_nothing_to_lose("waves", options); });
  }

 private:
  const testing::ScratchFolder folder_;
  const std::filesystem::path before_ = std::filesystem::current_path();
};

TEST_F(EarlierRun, MayHaveItsOutputInTheCurrentFolder) {
  EXPECT_EQ(refusal("waves.h5", "checkpoints"), "");
  EXPECT_EQ(refusal("waves.h5", "."), "");
}

TEST_F(EarlierRun, KeepsOutputApartFromCheckpointsHoweverTheirFolderIsNamed) {
  for (const std::string folder : {"", ".", "./", "checkpoints/.."}) {
    EXPECT_EQ(refusal("waves_2.ckpt", folder),
              "output file waves_2.ckpt: has the name of a checkpoint in " + folder);
  }
  EXPECT_EQ(refusal("waves_2.ckpt", "checkpoints"), "");
}

/// The output file of a training with this identity, which ends or is broken off.
class LeftOutputTest : public EarlierRun {
 protected:
  static void write(const std::string& identity, bool ends) {
    comm::run_as_threads(1, [&](comm::Communicator& comm) {
      const testing::ToyCurve task({});
      Simulation simulation(task.network, comm);
      simulation.open_output("run.h5", {.overwrite = true});
      describe_task(task, identity, simulation);
      simulation.append_output("/training/loss", std::vector{2.0, 1.0});
      if (ends) note_end(simulation);
      simulation.close_output();
    });
  }
  static LeftOutput left() { return left_output("run.h5", "1a", {}); }
};

TEST_F(LeftOutputTest, IsToldApart) {
  EXPECT_EQ(left(), LeftOutput::none);
  write("1a", false);
  EXPECT_EQ(left(), LeftOutput::own);
  std::filesystem::resize_file("run.h5", 100);
  EXPECT_EQ(left(), LeftOutput::damaged);
}

TEST_F(LeftOutputTest, IsRefusedWhereThereIsSomethingToLose) {
  const auto refused = [] { return testing::message_of<std::runtime_error>([] { (void)left(); }); };
  const std::string exists = "output file run.h5: exists already, ",
                    rest =
                        ", and there is no checkpoint: another output keeps it, overwrite "
                        "replaces it";
  write("2b", false);
  EXPECT_EQ(refused(), exists + "of another training or program" + rest);
  write("1a", true);
  EXPECT_EQ(refused(), exists + "with all that this training comes to" + rest);
  std::ofstream("run.h5") << "notes";
  EXPECT_NE(refused().find("is no HDF5 file"), std::string::npos);
}

TEST_F(LeftOutputTest, IsTheOneOfACheckpoint) {
  const auto refused = [](const TrainingState& state) {
    return testing::message_of<std::runtime_error>([&] { require_same_run("run.h5", state, {}); });
  };
  write("1a", false);
  EXPECT_EQ(refused({.identity = "1a", .losses = {2.0}}), "");
  EXPECT_EQ(refused({.identity = "1a", .losses = {2.0, 3.0}}),
            "output file run.h5: is of another training: its loss of iteration 2 is 1, that of the "
            "checkpoint 3: another output keeps it");
  EXPECT_EQ(
      refused({.identity = "2b"}),
      "output file run.h5: is of another training than the checkpoint: another output keeps it");
  EXPECT_TRUE(has_losses_of("run.h5", {.losses = {2.0, 1.0}}));
  EXPECT_FALSE(has_losses_of("run.h5", {.losses = {2.0}}));
  EXPECT_FALSE(has_losses_of("gone.h5", {.losses = {2.0}}));
}

}  // namespace
}  // namespace eprop::training
