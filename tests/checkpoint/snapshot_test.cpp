#include "checkpoint/snapshot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include "eprop/errors.hpp"
#include "message_of.hpp"
#include "scratch_folder.hpp"

namespace eprop::checkpoint {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;

class SnapshotTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name) const { return folder_.path() / name; }

  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

 private:
  const testing::ScratchFolder folder_;
};

Snapshot sample() {
  Snapshot snapshot;
  snapshot.network = {"a", "", "b\nc"};
  snapshot.numbers["x"] = {1.0 / 3.0, -0.0, std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN(), 5e-324};
  snapshot.numbers["empty"] = {};
  snapshot.integers["i"] = {std::numeric_limits<std::int64_t>::min(), 0, 7};
  snapshot.tables = {{"/a/b", 12}};
  snapshot.user_data = std::string("a\0b", 3);
  return snapshot;
}

}  // namespace

TEST_F(SnapshotTest, IsReadAsWritten) {
  const Snapshot written = sample();
  write(path("a"), written);
  const Snapshot read_back = read(path("a"));
  EXPECT_EQ(read_back.network, written.network);
  EXPECT_EQ(read_back.integers, written.integers);
  EXPECT_EQ(read_back.tables, written.tables);
  EXPECT_EQ(read_back.user_data, written.user_data);
  ASSERT_EQ(read_back.numbers.size(), 2U);
  EXPECT_TRUE(read_back.numbers.at("empty").empty());
  ASSERT_EQ(read_back.numbers.at("x").size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(read_back.numbers.at("x")[i]),
              std::bit_cast<std::uint64_t>(written.numbers.at("x")[i]));
  }
}

TEST_F(SnapshotTest, ReplacesTheOneBeforeAndLeavesNothingElse) {
  write(path("a"), Snapshot{});
  write(path("a"), sample());
  EXPECT_EQ(read(path("a")).network.size(), 3U);
  EXPECT_THAT(files(), ElementsAre("a"));
}

TEST_F(SnapshotTest, ThatCannotTakeItsPlaceLeavesNothing) {
  std::filesystem::create_directories(path("a/b"));
  EXPECT_THAT(message_of<CheckpointError>([&] { write(path("a"), sample()); }),
              HasSubstr("cannot be written"));
  EXPECT_THAT(files(), ElementsAre("a"));
}

TEST_F(SnapshotTest, OfAnotherFormatIsRefused) {
  write(path("a"), sample());
  std::fstream file(path("a"), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(8);
  file.put(9);
  file.close();
  EXPECT_EQ(message_of<CheckpointError>([&] { (void)read(path("a")); }),
            "checkpoint '" + path("a") + "': has the format 9, this program reads 3");
}

TEST_F(SnapshotTest, WithAnyByteChangedIsRefused) {
  write(path("a"), sample());
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(path("a")));
  for (std::streamoff i = 0; i < size; ++i) {
    std::fstream file(path("a"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(i);
    const int byte = file.get();
    file.seekp(i);
    file.put(static_cast<char>(byte ^ 0x10));
    file.flush();
    EXPECT_NE(message_of<CheckpointError>([&] { (void)read(path("a")); }), "") << "byte " << i;
    file.seekp(i);
    file.put(static_cast<char>(byte));
  }
  EXPECT_EQ(message_of<CheckpointError>([&] { (void)read(path("a")); }), "");
}

}  // namespace eprop::checkpoint
