#include "recording/checksum.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "sequences.hpp"

namespace eprop::recording {
namespace {

using testing::counting;

template <class T>
std::uint64_t sum(const Region& region, std::uint64_t columns, const std::vector<T>& values) {
  return checksum(region, columns, sizeof(T), reinterpret_cast<const std::byte*>(values.data()));
}

}  // namespace

// First output of the SplitMix64 generator with seed 0.
TEST(Checksum, OfOneZeroIsTheFirstNumberOfSplitMix64) {
  EXPECT_EQ(sum<double>({{0, 0}, {1, 1}}, 1, {0.0}), 0xE220A8397B1DCDAFU);
}

TEST(Checksum, OfPartsAddsUp) {
  const auto whole = sum<double>({{0, 0}, {2, 3}}, 3, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(whole, sum<double>({{0, 0}, {1, 3}}, 3, {1, 2, 3}) +
                       sum<double>({{1, 0}, {1, 3}}, 3, {4, 5, 6}));
  EXPECT_EQ(whole, sum<double>({{0, 0}, {2, 1}}, 3, {1, 4}) +
                       sum<double>({{0, 1}, {2, 2}}, 3, {2, 3, 5, 6}));
}

TEST(Checksum, DependsOnEachBitAndPlace) {
  std::set<std::uint64_t> sums;
  for (std::uint64_t bit = 0; bit < 32; ++bit) {
    for (std::uint64_t place = 0; place < 50; ++place) {
      std::vector<std::uint32_t> values(50, 1);
      values[place] ^= 1U << bit;
      sums.insert(sum(Region{{0, 0}, {10, 5}}, 5, values));
    }
  }
  EXPECT_EQ(sums.size(), 32U * 50U);
  EXPECT_NE(sum<float>({{0, 0}, {2, 1}}, 1, {1, 2}), sum<float>({{0, 0}, {2, 1}}, 1, {2, 1}));
}

TEST(Checksum, OfNothingIsZero) {
  EXPECT_EQ(sum<float>({{5, 0}, {0, 4}}, 4, {}), 0U);
  EXPECT_EQ(sum<float>({{5, 0}, {3, 0}}, 0, {}), 0U);
}

}  // namespace eprop::recording
