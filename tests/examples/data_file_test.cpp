#include "support/data_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "scratch_folder.hpp"

namespace eprop::examples {
namespace {

namespace fs = std::filesystem;

class DataFile : public ::testing::Test {
 protected:
  DataFile() { fs::create_directories(tree_.path() / "bin"); }

  std::string in_tree(const std::string& path) const { return tree_.path() / path; }

 private:
  const testing::ScratchFolder tree_;
};

TEST_F(DataFile, IsBesideTheProgramsOfABuild) {
  fs::create_directories(in_tree("bin/data"));
  std::ofstream(in_tree("bin/data/word.txt")) << "1 1\n";
  EXPECT_EQ(data_file("word.txt", in_tree("bin")), in_tree("bin/data/word.txt"));
}

TEST_F(DataFile, IsInTheDataFolderOfAnInstallation) {
  EXPECT_EQ(data_file("word.txt", in_tree("bin")), in_tree("share/eprop/word.txt"));
}

}  // namespace
}  // namespace eprop::examples
