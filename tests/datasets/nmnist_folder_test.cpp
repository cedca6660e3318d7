#include "datasets/nmnist_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eprop/datasets/digits.hpp"
#include "eprop/errors.hpp"
#include "event_bytes.hpp"
#include "file_bytes.hpp"
#include "message_of.hpp"
#include "refusal.hpp"
#include "scratch_folder.hpp"

namespace eprop::datasets {
namespace {

using ::testing::AllOf;
using testing::bytes_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;
using testing::refusal;
using testing::write_bytes;

class NmnistFolderTest : public ::testing::Test {
 protected:
  /// Two training files and a test file per digit; x is the digit, y the number in the name.
  NmnistFolderTest() {
    for (int digit = 9; digit >= 0; --digit) {
      for (const int number : {7, 2}) add("Train", digit, number);
      add("Test", digit, 4);
    }
  }

  void add(const std::string& split, int digit, int number) {
    const Event event{static_cast<std::uint8_t>(digit), static_cast<std::uint8_t>(number), true, 0};
    write_bytes(
        folder_.path() / split / std::to_string(digit) / ("0000" + std::to_string(number) + ".bin"),
        bytes_of({event}));
  }

  std::string error(const std::filesystem::path& path,
                    std::vector<std::uint32_t> digits = all_digits()) {
    return message_of<DatasetError>([&] { (void)read_nmnist(path, digits); });
  }

  testing::ScratchFolder folder_;
};

TEST_F(NmnistFolderTest, OrdersByDigitThenName) {
  const auto [training, test] = read_nmnist(folder_.path(), all_digits());
  ASSERT_EQ(training->size(), 20U);
  ASSERT_EQ(test->size(), 10U);
  for (std::size_t i = 0; i < 20; ++i) {
    const auto digit = static_cast<std::uint8_t>(i / 2);
    const auto number = static_cast<std::uint8_t>(i % 2 == 0 ? 2 : 7);
    EXPECT_EQ(training->label(i), digit);
    EXPECT_EQ(training->spikes(i), to_spikes(std::vector<Event>{{digit, number, true, 0}}));
  }
  EXPECT_EQ(test->label(3), 3U);
}

TEST_F(NmnistFolderTest, RestrictsToLabels) {
  const auto [training, test] = read_nmnist(folder_.path(), {8, 1});
  ASSERT_EQ(training->size(), 4U);
  EXPECT_EQ(training->label(1), 1);
  EXPECT_EQ(training->label(2), 8);
  EXPECT_EQ(test->spikes(1), to_spikes(std::vector<Event>{{8, 4, true, 0}}));
}

TEST_F(NmnistFolderTest, NeedsOnlyTheFoldersOfItsLabels) {
  std::filesystem::remove_all(folder_.path() / "Train" / "3");
  EXPECT_EQ(read_nmnist(folder_.path(), {0, 1}).test->size(), 2U);
}

TEST_F(NmnistFolderTest, LeavesOtherFilesOutAndNamesThem) {
  EXPECT_TRUE(check_nmnist(folder_.path(), all_digits()).empty());
  const auto backup = folder_.path() / "Test" / "3" / "00004.bin.bak";
  const auto notes = folder_.path() / "Train" / "0" / "readme.txt";
  for (const auto& path : {backup, notes}) write_bytes(path, bytes_of({{1, 1, true, 1}}));
  EXPECT_EQ(read_nmnist(folder_.path(), all_digits()).training->size(), 20U);
  EXPECT_THAT(check_nmnist(folder_.path(), all_digits()), ElementsAre(notes, backup));
}

TEST_F(NmnistFolderTest, ReadsNamesInCapitals) {
  const Event event{9, 9, true, 0};
  write_bytes(folder_.path() / "Test" / "1" / "00005.BIN", bytes_of({event}));
  const auto test = read_nmnist(folder_.path(), all_digits()).test;
  ASSERT_EQ(test->size(), 11U);
  EXPECT_EQ(test->spikes(2), to_spikes(std::vector{event}));
  EXPECT_TRUE(check_nmnist(folder_.path(), all_digits()).empty());
}

TEST_F(NmnistFolderTest, FindsFilesOfWrongSizeWithoutReadingThem) {
  for (int number = 10; number < 140; ++number) add("Train", 2, number);
  const auto sizes = [&] {
    return message_of<DatasetError>([&] { (void)check_nmnist(folder_.path(), all_digits()); });
  };
  EXPECT_EQ(sizes(), "");
  const auto named = [&](const std::string& file) {
    return "event file '" + (folder_.path() / file).string();
  };
  write_bytes(folder_.path() / "Test/7/00004.bin", std::vector<std::byte>(11));
  EXPECT_EQ(sizes(), named("Test/7/00004.bin") +
                         "', byte 10: the last event has 1 byte(s), but must have 5");
  write_bytes(folder_.path() / "Train/2/0000137.bin", {});
  std::filesystem::create_directory(folder_.path() / "Train/6/folder.bin");
  EXPECT_EQ(sizes(), named("Train/2/0000137.bin") +
                         "', byte 0: has 0 bytes, but must hold an event or more; 2 more of 161 "
                         "files are damaged");
}

TEST_F(NmnistFolderTest, MissingFolderSaysWhatIsExpectedAndWhereItIs) {
  EXPECT_THAT(error(folder_.path() / "elsewhere"),
              AllOf(HasSubstr("elsewhere/Train/0' does not exist"), HasSubstr("Test/0 .. Test/9"),
                    HasSubstr("https://www.garrickorchard.com/datasets/n-mnist")));
  std::filesystem::remove_all(folder_.path() / "Test" / "6");
  EXPECT_THAT(error(folder_.path()), HasSubstr("Test/6' does not exist"));
}

TEST_F(NmnistFolderTest, RefusesFolderWithoutRecordings) {
  std::filesystem::remove_all(folder_.path() / "Train" / "5");
  std::filesystem::create_directory(folder_.path() / "Train" / "5");
  EXPECT_THAT(error(folder_.path()), HasSubstr("Train/5' holds no .bin file"));
}

TEST_F(NmnistFolderTest, DamagedFileIsNamedWhenItIsRead) {
  write_bytes(folder_.path() / "Train" / "4" / "00002.bin", std::vector{std::byte{1}});
  const auto training = read_nmnist(folder_.path(), all_digits()).training;
  EXPECT_THAT(message_of<DatasetError>([&] { (void)training->spikes(8); }),
              HasSubstr("Train/4/00002.bin"));
}

TEST_F(NmnistFolderTest, RefusesIndicesBeyondTheSet) {
  const auto digits = read_nmnist(folder_.path(), all_digits());
  EXPECT_EQ(refusal([&] { (void)digits.test->spikes(10); }),
            "dataset: sample = 10: must be below the size of the set, 10");
  EXPECT_NE(refusal([&] { (void)digits.training->label(20); }), "");
}

}  // namespace
}  // namespace eprop::datasets
