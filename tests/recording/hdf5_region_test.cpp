#include "recording/hdf5_region.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eprop::recording {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Hdf5Region, SplitsBetweenRowsWhereARowFits) {
  EXPECT_THAT(
      split({{10, 2}, {5, 3}}, 7),
      ElementsAre(Region{{10, 2}, {2, 3}}, Region{{12, 2}, {2, 3}}, Region{{14, 2}, {1, 3}}));
}

TEST(Hdf5Region, SplitsLongRows) {
  EXPECT_THAT(split({{1, 0}, {2, 5}}, 3),
              ElementsAre(Region{{1, 0}, {1, 3}}, Region{{1, 3}, {1, 2}}, Region{{2, 0}, {1, 3}},
                          Region{{2, 3}, {1, 2}}));
}

TEST(Hdf5Region, DoesNotSplitWhatFits) {
  const Region region{{1, 2}, {3, 4}};
  EXPECT_THAT(split(region, 12), ElementsAre(region));
  EXPECT_THAT(split({{1, 2}, {0, 4}}, 12), IsEmpty());
}

TEST(Hdf5Region, CountsBeyond32Bits) {
  constexpr std::uint64_t huge = std::uint64_t{1} << 40;
  const auto pieces = split({{huge, 0}, {huge + 1, 1}}, huge);
  EXPECT_THAT(pieces, ElementsAre(Region{{huge, 0}, {huge, 1}}, Region{{2 * huge, 0}, {1, 1}}));
}

TEST(Hdf5Region, IntersectsToWhatBothHave) {
  EXPECT_EQ(intersect({{0, 0}, {4, 4}}, {{2, 3}, {4, 4}}), (Region{{2, 3}, {2, 1}}));
  EXPECT_TRUE(intersect({{0, 0}, {4, 4}}, {{4, 0}, {1, 4}}).empty());
}

}  // namespace
}  // namespace eprop::recording
