#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "datasets/counter_random.hpp"

namespace eprop::datasets {
namespace {

TEST(CounterRandom, IsPhiloxWithSeedAsKeyAndPositionPurposeIndexAsCounter) {
  // Philox4x32-10 worked out apart from Random123 for key (5, 6), counters (0, 2, 3, 4) and
  // (1, 2, 3, 4).
  constexpr std::array<std::uint32_t, 8> expected{0xeba64931, 0x6d39eb46, 0xd23518a7, 0xf70e93a4,
                                                  0xc0c839bc, 0x889c87c5, 0x61986739, 0x2d4623d0};
  CounterRandom random(6ULL << 32 | 5, RandomPurpose::test_sample, 4ULL << 32 | 3);
  for (const std::uint32_t word : expected) EXPECT_EQ(random.bits(), word);
}

TEST(CounterRandom, EveryPartOfTheKeyMatters) {
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

TEST(CounterRandom, MomentsAreThoseOfTheDistributions) {
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

TEST(CounterRandom, BelowOneIsZero) {
  CounterRandom random(5, RandomPurpose::train_sample, 0);
  EXPECT_EQ(random.below(1), 0U);
}

}  // namespace
}  // namespace eprop::datasets
