#include "neuromorphic_mnist_data/nmnist_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "message_of.hpp"
#include "neuromorphic_mnist_data/event_file.hpp"
#include "nmnist_test_support.hpp"
#include "scratch_folder.hpp"

namespace eprop::examples {
namespace {

using test::bytes_of;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;

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
    test::write(
        folder_.path() / split / std::to_string(digit) / ("0000" + std::to_string(number) + ".bin"),
        bytes_of({event}));
  }

  std::string error(const std::filesystem::path& path, std::vector<int> labels = all_labels()) {
    return message_of<DatasetFolderError>([&] { NmnistFolder(path, labels); });
  }

  testing::ScratchFolder folder_;
};

TEST_F(NmnistFolderTest, OrdersByDigitThenName) {
  const NmnistFolder data(folder_.path());
  ASSERT_EQ(data.size(Split::train), 20U);
  ASSERT_EQ(data.size(Split::test), 10U);
  for (std::size_t i = 0; i < 20; ++i) {
    const auto digit = static_cast<std::uint8_t>(i / 2);
    const auto number = static_cast<std::uint8_t>(i % 2 == 0 ? 2 : 7);
    EXPECT_EQ(data.label(Split::train, i), digit);
    EXPECT_EQ(data.events(Split::train, i), (std::vector<Event>{{digit, number, true, 0}}));
  }
  EXPECT_EQ(data.label(Split::test, 3), 3);
}

TEST_F(NmnistFolderTest, RestrictsToLabels) {
  const NmnistFolder data(folder_.path(), {8, 1});
  ASSERT_EQ(data.size(Split::train), 4U);
  EXPECT_EQ(data.label(Split::train, 1), 1);
  EXPECT_EQ(data.label(Split::train, 2), 8);
  EXPECT_EQ(data.events(Split::test, 1).front().x, 8);
}

TEST_F(NmnistFolderTest, NeedsOnlyTheFoldersOfItsLabels) {
  std::filesystem::remove_all(folder_.path() / "Train" / "3");
  EXPECT_EQ(NmnistFolder(folder_.path(), {0, 1}).size(Split::test), 2U);
}

TEST_F(NmnistFolderTest, LeavesOtherFilesOutAndNamesThem) {
  EXPECT_TRUE(NmnistFolder(folder_.path()).ignored().empty());
  const auto test = folder_.path() / "Test" / "3" / "00004.bin.bak";
  const auto train = folder_.path() / "Train" / "0" / "readme.txt";
  for (const auto& path : {test, train}) test::write(path, bytes_of({{1, 1, true, 1}}));
  const NmnistFolder data(folder_.path());
  EXPECT_EQ(data.size(Split::train), 20U);
  EXPECT_THAT(data.ignored(), ElementsAre(train, test));
}

TEST_F(NmnistFolderTest, ReadsNamesInCapitals) {
  const Event event{9, 9, true, 0};
  test::write(folder_.path() / "Test" / "1" / "00005.BIN", bytes_of({event}));
  const NmnistFolder data(folder_.path());
  ASSERT_EQ(data.size(Split::test), 11U);
  EXPECT_EQ(data.events(Split::test, 2), std::vector{event});
  EXPECT_TRUE(data.ignored().empty());
}

TEST_F(NmnistFolderTest, FindsFilesOfWrongSizeWithoutReadingThem) {
  for (int number = 10; number < 140; ++number) add("Train", 2, number);
  const auto sizes = [&] {
    return message_of<EventFileError>([&] { NmnistFolder(folder_.path()).check_sizes(); });
  };
  EXPECT_EQ(sizes(), "");
  const auto named = [&](const std::string& file) {
    return "event file '" + (folder_.path() / file).string();
  };
  test::write(folder_.path() / "Test/7/00004.bin", std::vector<std::byte>(11));
  EXPECT_EQ(sizes(), named("Test/7/00004.bin") +
                         "', byte 10: the last event has 1 byte(s), but must have 5");
  test::write(folder_.path() / "Train/2/0000137.bin", {});
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
  test::write(folder_.path() / "Train" / "4" / "00002.bin", {std::byte{1}});
  const NmnistFolder data(folder_.path());
  EXPECT_THAT(message_of<EventFileError>([&] { data.events(Split::train, 8); }),
              HasSubstr("Train/4/00002.bin"));
}

TEST_F(NmnistFolderTest, RefusesIndicesBeyondTheSet) {
  const NmnistFolder data(folder_.path());
  EXPECT_EQ(message_of<std::out_of_range>([&] { data.events(Split::test, 10); }),
            "test sample 10: the index must be below the set's size 10");
  EXPECT_THROW(data.label(Split::train, 20), std::out_of_range);
}

TEST(DatasetLabels, AreDistinctDigits) {
  EXPECT_EQ(checked_labels({9, 0, 4}), (std::vector<int>{0, 4, 9}));
  const auto error = [](std::vector<int> labels) {
    return message_of<std::invalid_argument>([&] { checked_labels(labels); });
  };
  EXPECT_EQ(error({}), "labels: the list is empty, but must hold one");
  EXPECT_EQ(error({3, 10}), "labels: 10 must lie in 0 .. 9");
  EXPECT_EQ(error({-1}), "labels: -1 must lie in 0 .. 9");
  EXPECT_EQ(error({2, 5, 2}), "labels: 2 must not stand twice");
}

}  // namespace
}  // namespace eprop::examples
