#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "neuromorphic_mnist_data/counter_random.hpp"
#include "neuromorphic_mnist_data/sample_order.hpp"

namespace eprop::examples {
namespace {

TEST(NmnistRandom, IsPhiloxWithSeedAsKeyAndPositionPurposeIndexAsCounter) {
  // Philox4x32-10 worked out apart from Random123 for key (5, 6), counters (0, 2, 3, 4) and
  // (1, 2, 3, 4).
  constexpr std::array<std::uint32_t, 8> expected{0xeba64931, 0x6d39eb46, 0xd23518a7, 0xf70e93a4,
                                                  0xc0c839bc, 0x889c87c5, 0x61986739, 0x2d4623d0};
  CounterRandom random(6ULL << 32 | 5, RandomPurpose::test_sample, 4ULL << 32 | 3);
  for (const std::uint32_t word : expected) EXPECT_EQ(random.bits(), word);
}

TEST(NmnistRandom, EveryPartOfTheKeyMatters) {
  const auto first = [](std::uint64_t seed, RandomPurpose purpose, std::uint64_t index) {
    return CounterRandom(seed, purpose, index).bits();
  };
  const auto base = first(1, RandomPurpose::train_sample, 2);
  EXPECT_NE(first(1 + (1ULL << 32), RandomPurpose::train_sample, 2), base);
  EXPECT_NE(first(2, RandomPurpose::train_sample, 2), base);
  EXPECT_NE(first(1, RandomPurpose::test_sample, 2), base);
  EXPECT_NE(first(1, RandomPurpose::train_sample, 3), base);
  EXPECT_NE(first(1, RandomPurpose::train_sample, 2 + (1ULL << 32)), base);
}

TEST(NmnistRandom, MomentsAreThoseOfTheDistributions) {
  CounterRandom random(5, RandomPurpose::train_sample, 0);
  constexpr int count = 100000;
  double uniform = 0.0, normal = 0.0, square = 0.0;
  std::array<int, 3> hits{};
  for (int i = 0; i < count; ++i) {
    uniform += random.uniform() / count;
    const double value = random.normal();
    normal += value / count;
    square += value * value / count;
    ++hits.at(random.below(3));
  }
  EXPECT_NEAR(uniform, 0.5, 0.005);
  EXPECT_NEAR(normal, 0.0, 0.02);
  EXPECT_NEAR(square, 1.0, 0.03);
  for (const int hit : hits) EXPECT_NEAR(hit, count / 3.0, 700.0);
}

TEST(NmnistRandom, BelowOneIsZero) {
  CounterRandom random(5, RandomPurpose::train_sample, 0);
  EXPECT_EQ(random.below(1), 0U);
}

TEST(SampleOrder, EpochsAreDifferentPermutations) {
  const auto order = sample_order(1, 50, 0, 100);
  std::vector<std::size_t> first(order.begin(), order.begin() + 50);
  std::vector<std::size_t> second(order.begin() + 50, order.end());
  EXPECT_NE(first, second);
  std::vector<std::size_t> all(50);
  std::iota(all.begin(), all.end(), std::size_t{0});
  EXPECT_NE(first, all);
  EXPECT_TRUE(std::is_permutation(first.begin(), first.end(), all.begin(), all.end()));
  EXPECT_TRUE(std::is_permutation(second.begin(), second.end(), all.begin(), all.end()));
}

TEST(SampleOrder, AnyStretchIsTheSameStretch) {
  const auto order = sample_order(9, 30, 0, 200);
  for (const std::size_t first : {0U, 1U, 29U, 30U, 31U, 95U}) {
    const auto from = order.begin() + static_cast<std::ptrdiff_t>(first);
    EXPECT_EQ(sample_order(9, 30, first, 70), std::vector<std::size_t>(from, from + 70));
  }
  EXPECT_TRUE(sample_order(9, 30, 5, 0).empty());
}

TEST(SampleOrder, DependsOnTheSeed) {
  EXPECT_NE(sample_order(1, 50, 0, 50), sample_order(2, 50, 0, 50));
}

TEST(SampleOrder, RefusesAnEmptySet) {
  EXPECT_THROW(sample_order(1, 0, 0, 1), std::invalid_argument);
}

}  // namespace
}  // namespace eprop::examples
