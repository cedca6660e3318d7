#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "eprop/datasets/digits.hpp"
#include "message_of.hpp"
#include "refusal.hpp"
#include "scratch_folder.hpp"

namespace eprop::datasets {
namespace {

TEST(WriteDigits, FilesAreReadAsWhatWasWritten) {
  const testing::ScratchFolder folder;
  const std::vector<std::uint32_t> labels{2, 7};
  const auto made_up = drawn_digits(3, 5, 4, labels);
  write_digits(*made_up.training, 5, folder.path() / "Train");
  write_digits(*made_up.test, 2, folder.path() / "Test");
  EXPECT_TRUE(check_digits(folder.path(), labels).empty());
  const auto files = read_digits(folder.path(), 1, labels);
  ASSERT_EQ(files.training->size(), 5);
  ASSERT_EQ(files.test->size(), 2);
  // Files are in order of digits, the made-up ones take turns.
  const std::vector<std::size_t> order{0, 2, 4, 1, 3};
  for (std::size_t i = 0; i < order.size(); ++i) {
    EXPECT_EQ(files.training->label(i), made_up.training->label(order[i]));
    EXPECT_EQ(files.training->spikes(i), made_up.training->spikes(order[i]));
  }
}

TEST(WriteDigits, RefuseAFolderThatHoldsSomething) {
  const testing::ScratchFolder folder;
  const auto digits = drawn_digits(3, 2, 2).training;
  write_digits(*digits, 1, folder.path() / "Train");
  EXPECT_EQ(
      testing::message_of<DatasetError>([&] { write_digits(*digits, 1, folder.path() / "Train"); }),
      "'" + (folder.path() / "Train").string() + "': must not exist yet, or be an empty folder");
  const MemoryDataset others(3, 2, {});
  EXPECT_EQ(testing::refusal([&] { write_digits(others, 0, folder.path() / "Other"); }),
            "digits to write: channels = 3: must be 2312");
}

TEST(WriteDigits, NameAFileThatCannotBeWritten) {
  const testing::ScratchFolder folder;
  std::ofstream(folder.path() / "file") << "in the way";
  const auto digits = drawn_digits(3, 2, 2).training;
  const auto message = testing::message_of<DatasetError>(
      [&] { write_digits(*digits, 1, folder.path() / "file" / "Train"); });
  EXPECT_NE(message.find("cannot be created"), std::string::npos) << message;
}

}  // namespace
}  // namespace eprop::datasets
