#include "datasets/scanned_digits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/event.hpp"
#include "eprop/datasets/digits.hpp"
#include "eprop/errors.hpp"
#include "file_bytes.hpp"
#include "idx_bytes.hpp"
#include "message_of.hpp"
#include "refusal.hpp"
#include "scratch_folder.hpp"

namespace eprop::datasets {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::idx_bytes;
using testing::message_of;
using testing::write_bytes;

/// A square of the given half width in the middle of a scan.
std::vector<std::uint8_t> square(int half_width) {
  std::vector<std::uint8_t> pixels(std::size_t{28} * 28);
  for (int y = 14 - half_width; y < 14 + half_width; ++y) {
    for (int x = 14 - half_width; x < 14 + half_width; ++x) {
      pixels[static_cast<std::size_t>(y) * 28 + static_cast<std::size_t>(x)] = 255;
    }
  }
  return pixels;
}

class ScannedDigitsTest : public ::testing::Test {
 protected:
  /// Three training scans and two test scans.
  ScannedDigitsTest() {
    write("train", {3, 5, 3});
    write("t10k", {5, 3});
  }

  void write(const std::string& split, const std::vector<std::uint8_t>& labels) {
    std::vector<std::uint8_t> pixels;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const auto scan = square(static_cast<int>(i) + 3);
      pixels.insert(pixels.end(), scan.begin(), scan.end());
    }
    const auto items = static_cast<std::uint32_t>(labels.size());
    write_bytes(file(split + "-images-idx3-ubyte"), idx_bytes({items, 28, 28}, pixels));
    write_bytes(file(split + "-labels-idx1-ubyte"), idx_bytes({items}, labels));
  }

  std::filesystem::path file(const std::string& name) { return folder_.path() / name; }
  std::string error() {
    return message_of<DatasetError>([&] { (void)read_digits(folder_.path(), 1); });
  }

  testing::ScratchFolder folder_;
};

TEST_F(ScannedDigitsTest, AreFoundInTheirFolderAndReadInOrder) {
  EXPECT_TRUE(holds_scans(folder_.path()));
  const auto [training, test] = read_digits(folder_.path(), 1);
  ASSERT_EQ(training->size(), 3U);
  ASSERT_EQ(test->size(), 2U);
  EXPECT_EQ(training->label(0), 3U);
  EXPECT_EQ(training->label(1), 5U);
  EXPECT_EQ(test->label(1), 3U);
  EXPECT_TRUE(check_digits(folder_.path()).empty());
}

TEST_F(ScannedDigitsTest, AreLookedAtByTheCamera) {
  const auto training = read_digits(folder_.path(), 1).training;
  const auto spikes = training->spikes(2);
  EXPECT_GT(spikes.size(), 500U);
  std::size_t on_corner = 0;
  for (const auto& [time, channel] : spikes) {
    ASSERT_LT(channel, event_channels);
    ASSERT_LT(time, digit_duration);
    const auto pixel = channel % (sensor_size * sensor_size);
    if (pixel / sensor_size < 6 && pixel % sensor_size < 6) ++on_corner;
  }
  EXPECT_LE(on_corner, 20U);                             // noise
  EXPECT_GT(spikes.size(), training->spikes(0).size());  // of the smaller square
}

TEST_F(ScannedDigitsTest, DependOnSeedSetAndIndexAlone) {
  const auto training = read_digits(folder_.path(), 1).training;
  const auto sample = training->spikes(2);
  EXPECT_EQ(training->spikes(2), sample);
  EXPECT_EQ(read_digits(folder_.path(), 1, {3}).training->spikes(1), sample);  // the same scan
  EXPECT_NE(read_digits(folder_.path(), 2).training->spikes(2), sample);
}

TEST_F(ScannedDigitsTest, AreRestrictedToDigits) {
  const auto [training, test] = read_digits(folder_.path(), 1, {3});
  EXPECT_EQ(training->size(), 2U);
  EXPECT_EQ(test->size(), 1U);
  EXPECT_EQ(training->label(1), 3U);
}

TEST_F(ScannedDigitsTest, MayBeZippedAndHaveDotsInTheirNames) {
  const auto sample = read_digits(folder_.path(), 1).training->spikes(0);
  const auto images = file("train-images-idx3-ubyte");
  testing::write_zipped(file("train-images.idx3-ubyte.gz"), testing::read_bytes(images));
  std::filesystem::remove(images);
  std::filesystem::rename(file("t10k-labels-idx1-ubyte"), file("t10k-labels.idx1-ubyte"));
  EXPECT_EQ(read_digits(folder_.path(), 1).training->spikes(0), sample);
}

TEST_F(ScannedDigitsTest, AreRefusedByTheFileThatIsMissingOrDoesNotFit) {
  write_bytes(file("t10k-labels-idx1-ubyte"), idx_bytes({2}, std::vector<std::uint8_t>{1, 10}));
  EXPECT_THAT(error(), AllOf(HasSubstr("t10k-labels-idx1-ubyte"),
                             HasSubstr("item 1 = 10: must be at most 9")));
  write_bytes(file("t10k-labels-idx1-ubyte"), idx_bytes({1}, std::vector<std::uint8_t>{1}));
  EXPECT_THAT(error(), HasSubstr("number of items = 1: must be 2, as there are scans"));
  std::filesystem::remove(file("t10k-labels-idx1-ubyte"));
  EXPECT_THAT(error(), HasSubstr("t10k-labels-idx1-ubyte, plain or with .gz, is missing"));
  EXPECT_THAT(message_of<DatasetError>([&] { (void)check_digits(folder_.path()); }),
              HasSubstr("is missing"));
}

TEST_F(ScannedDigitsTest, RefuseDigitsThatAreNotThereAndIndicesBeyond) {
  EXPECT_THAT(message_of<DatasetError>([&] { (void)read_digits(folder_.path(), 1, {7}); }),
              HasSubstr("has none of the digits asked for"));
  const auto training = read_digits(folder_.path(), 1).training;
  EXPECT_NE(testing::refusal([&] { (void)training->spikes(3); }), "");
}

}  // namespace
}  // namespace eprop::datasets
