#include "datasets/file_stretch.hpp"

#include <gtest/gtest.h>

#include <array>
#include <sstream>

#include "eprop/errors.hpp"
#include "message_of.hpp"

namespace eprop::datasets {
namespace {

TEST(FileStretch, LittleEndianNumbersHaveTheirLowestByteFirst) {
  EXPECT_EQ(little_endian(std::array{std::byte{1}, std::byte{2}, std::byte{255}}), 0xff0201U);
  EXPECT_EQ(little_endian({}), 0U);
}

TEST(FileStretch, IsReadUpToItsEnd) {
  std::istringstream file("abcdef");
  const std::string place = "file 'x'";
  const FileStretch stretch(file, 5, place);
  std::array<std::byte, 2> bytes{};
  stretch.read(3, bytes);
  EXPECT_EQ(bytes[0], std::byte{'d'});
  EXPECT_EQ(bytes[1], std::byte{'e'});
  const auto error = [&](const FileStretch& of, std::uint64_t begin) {
    return testing::message_of<DatasetError>([&] { of.read(begin, bytes); });
  };
  EXPECT_EQ(error(stretch, 4), "file 'x': 2 bytes from byte 4 on: must end by byte 5");
  EXPECT_EQ(error(stretch.up_to(4), 3), "file 'x': 2 bytes from byte 3 on: must end by byte 4");
  EXPECT_EQ(error(stretch, ~std::uint64_t{0}),
            "file 'x': 2 bytes from byte 18446744073709551615 on: must end by byte 5");
}

TEST(FileStretch, RefusesWhatTheFileLacksAndCanBeReadAgain) {
  std::istringstream file("abc");
  const std::string place = "file 'x'";
  const FileStretch stretch(file, 10, place);
  std::array<std::byte, 2> bytes{};
  EXPECT_EQ(testing::message_of<DatasetError>([&] { stretch.read(2, bytes); }),
            "file 'x': 2 bytes from byte 2 on: cannot be read");
  stretch.read(1, bytes);
  EXPECT_EQ(bytes[1], std::byte{'c'});
}

TEST(FileStretch, HoldsNoMoreThanThereIsHoweverLargeTheNumbers) {
  std::istringstream file;
  const std::string place;
  const FileStretch stretch(file, 10, place);
  EXPECT_TRUE(stretch.holds(10, 0));
  EXPECT_TRUE(stretch.holds(0, 10));
  EXPECT_FALSE(stretch.holds(11, 0));
  EXPECT_FALSE(stretch.holds(1, ~std::uint64_t{0}));
}

}  // namespace
}  // namespace eprop::datasets
