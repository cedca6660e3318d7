#include "support/data_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace eprop::examples {
namespace {

namespace fs = std::filesystem;

class DataFile : public testing::Test {
 protected:
  DataFile()
      : tree_(fs::temp_directory_path() / ("eprop_data_file_test_" + std::to_string(getpid()))) {
    fs::create_directories(tree_ / "bin");
  }
  ~DataFile() override { fs::remove_all(tree_); }

  std::string in_tree(const std::string& path) const { return tree_ / path; }

 private:
  fs::path tree_;
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
