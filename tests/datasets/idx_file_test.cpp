#include "datasets/idx_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "damage.hpp"
#include "eprop/errors.hpp"
#include "file_bytes.hpp"
#include "idx_bytes.hpp"
#include "message_of.hpp"
#include "scratch_folder.hpp"

namespace eprop::datasets {
namespace {

using ::testing::HasSubstr;
using testing::idx_bytes;
using testing::write_bytes;

/// Two items of 2 x 3 values.
const std::vector<std::uint8_t> item_values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255};
const std::vector<std::uint32_t> shape{2, 3};

class IdxFile : public ::testing::Test {
 protected:
  void write(std::span<const std::byte> bytes) { write_bytes(path_, bytes); }
  std::string error() {
    return testing::message_of<DatasetError>([&] { (void)read_idx(path_, shape); });
  }
  /// Nothing if it is refused by its name.
  std::optional<std::vector<std::uint8_t>> read() {
    try {
      return read_idx(path_, shape);
    } catch (const DatasetError& refused) {
      EXPECT_THAT(refused.what(), HasSubstr("IDX file '" + path_.string() + "': "));
      return std::nullopt;
    }
  }

  testing::ScratchFolder folder_;
  std::filesystem::path path_ = folder_.path() / "images";
};

TEST_F(IdxFile, IsReadPlainAndZipped) {
  write(idx_bytes({2, 2, 3}, item_values));
  EXPECT_EQ(read(), item_values);
  testing::write_zipped(path_, idx_bytes({2, 2, 3}, item_values));
  EXPECT_EQ(read(), item_values);
}

TEST_F(IdxFile, RefusesOtherFormsByNumberAndRule) {
  const auto refused = [&](const std::vector<std::uint32_t>& dimensions) {
    write(idx_bytes(dimensions, item_values));
    return error().substr(("IDX file '" + path_.string() + "': ").size());
  };
  EXPECT_EQ(refused({12}), "magic number = 0x801: must be 0x803");
  EXPECT_EQ(refused({0, 2, 3}), "number of items = 0: must be in 1 .. 1000000");
  EXPECT_EQ(refused({4000000000U, 2, 3}), "number of items = 4000000000: must be in 1 .. 1000000");
  EXPECT_EQ(refused({2, 3, 2}), "size of an item = 3: must be 2");
  EXPECT_EQ(refused({3, 2, 3}), "ends within the 18 bytes that are announced");
  EXPECT_EQ(refused({1, 2, 3}), "goes on after the values that are announced");
}

TEST_F(IdxFile, RefusesWhatIsNotThere) {
  EXPECT_THAT(error(), HasSubstr("cannot be opened for reading"));
}

TEST_F(IdxFile, IsRefusedOrReadWithAnyBitFlippedOrItsEndMissing) {
  const auto plain = idx_bytes({2, 2, 3}, item_values);
  const std::size_t header = plain.size() - item_values.size();
  testing::with_flipped_bits(plain, 1, [&](const auto& bytes, const std::string& damage) {
    write(bytes);
    const auto got = read();
    const bool in_header =
        !std::ranges::equal(std::span(bytes).first(header), std::span(plain).first(header));
    EXPECT_EQ(got.has_value(), !in_header) << damage;  // nothing tells what values were
    if (got) {
      EXPECT_EQ(idx_bytes({2, 2, 3}, *got), bytes) << damage;
    }
  });
  testing::with_end_missing(plain, 1, [&](const auto& bytes, const std::string& damage) {
    write(bytes);
    EXPECT_FALSE(read()) << damage;
  });
}

TEST_F(IdxFile, IsRefusedOrReadZippedWithAnyBitFlippedOrItsEndMissing) {
  testing::write_zipped(path_, idx_bytes({2, 2, 3}, item_values));
  const auto zipped = testing::read_bytes(path_);
  int refused = 0;
  testing::with_flipped_bits(zipped, 1, [&](const auto& bytes, const std::string& damage) {
    write(bytes);
    if (const auto got = read()) {
      EXPECT_EQ(*got, item_values) << damage;  // as where the time of the zipping stands
    } else {
      ++refused;
    }
  });
  EXPECT_GT(refused, 200);
  testing::with_end_missing(zipped, 1, [&](const auto& bytes, const std::string& damage) {
    write(bytes);
    EXPECT_FALSE(read()) << damage;
  });
}

}  // namespace
}  // namespace eprop::datasets
