#include "training/folders.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "scratch_folder.hpp"

namespace eprop::training {
namespace {

class Folders : public ::testing::Test {
 protected:
  const testing::ScratchFolder folder;
  const std::filesystem::path& root = folder.path();
  TrainingOptions options;
};

TEST_F(Folders, OfOutputAndCheckpointsAreCreated) {
  options.output = root / "a" / "b" / "run.h5";
  options.checkpoint_folder = root / "c";
  create_folders(options);
  EXPECT_TRUE(std::filesystem::is_directory(root / "a" / "b"));
  EXPECT_FALSE(std::filesystem::exists(root / "c"));
  options.checkpoint_every = 1;
  create_folders(options);
  EXPECT_TRUE(std::filesystem::is_directory(root / "c"));
}

TEST_F(Folders, CannotReplaceAFile) {
  std::ofstream(root / "file") << "taken";
  options.output = root / "file" / "run.h5";
  EXPECT_THROW(create_folders(options), std::runtime_error);
}

TEST_F(Folders, AreNoOutputFile) {
  options.output = root;
  EXPECT_THROW(create_folders(options), std::runtime_error);
}

}  // namespace
}  // namespace eprop::training
