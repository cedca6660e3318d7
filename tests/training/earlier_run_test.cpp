#include "training/earlier_run.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "message_of.hpp"
#include "scratch_folder.hpp"

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

}  // namespace
}  // namespace eprop::training
