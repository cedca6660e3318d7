#include "datasets/sample_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace eprop::datasets {
namespace {

std::vector<std::size_t> shuffled_order(std::uint64_t seed, std::size_t size, std::size_t first,
                                        std::size_t count) {
  return sample_order(SampleOrder::shuffled, seed, size, first, count);
}

TEST(ShuffledOrder, EpochsAreDifferentPermutations) {
  const auto order = shuffled_order(1, 50, 0, 100);
  std::vector<std::size_t> first(order.begin(), order.begin() + 50);
  std::vector<std::size_t> second(order.begin() + 50, order.end());
  EXPECT_NE(first, second);
  std::vector<std::size_t> all(50);
  std::iota(all.begin(), all.end(), std::size_t{0});
  EXPECT_NE(first, all);
  EXPECT_TRUE(std::is_permutation(first.begin(), first.end(), all.begin(), all.end()));
  EXPECT_TRUE(std::is_permutation(second.begin(), second.end(), all.begin(), all.end()));
}

TEST(ShuffledOrder, AnyStretchIsTheSameStretch) {
  const auto order = shuffled_order(9, 30, 0, 200);
  for (const std::size_t first : {0U, 1U, 29U, 30U, 31U, 95U}) {
    const auto from = order.begin() + static_cast<std::ptrdiff_t>(first);
    EXPECT_EQ(shuffled_order(9, 30, first, 70), std::vector<std::size_t>(from, from + 70));
  }
  EXPECT_TRUE(shuffled_order(9, 30, 5, 0).empty());
}

TEST(ShuffledOrder, DependsOnTheSeed) {
  EXPECT_NE(shuffled_order(1, 50, 0, 50), shuffled_order(2, 50, 0, 50));
}

TEST(OrderInSequence, StartsAnewAfterTheLastSample) {
  EXPECT_EQ(sample_order(SampleOrder::in_sequence, 1, 3, 4, 5),
            (std::vector<std::size_t>{1, 2, 0, 1, 2}));
}

}  // namespace
}  // namespace eprop::datasets
