#include "core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace eprop::core {
namespace {

TEST(RandomStream, GivesTheNumbersOfPhiloxKeyedBySeedPurposeAndIndices) {
  // By an independent implementation of Philox-4x32-10: counter (index low, index high, draw,
  // purpose << 24 | object), key (seed low, seed high), 53 bits of each pair of words.
  struct {
    std::uint64_t seed;
    Purpose purpose;
    std::uint32_t object;
    std::uint64_t index;
    std::uint32_t draw;
    double first, second;
  } const cases[] = {
      {1, Purpose::neuron_parameter, 0, 0, 0, 0x1.c7d00ce1ca141p-1, 0x1.2be445816c2b5p-1},
      {1, Purpose::connection, 0, 0, 0, 0x1.3e7e71df188e0p-1, 0x1.fa2853e3ebe80p-2},
      {1, Purpose::neuron_parameter, 7, 0, 0, 0x1.4322efedfdcdcp-3, 0x1.ecfa9d9ba49e2p-1},
      {2, Purpose::neuron_parameter, 0, 0, 0, 0x1.b3a87b15fd36ep-2, 0x1.f328a1cacc8b2p-1},
      {1ULL << 32U, Purpose::neuron_parameter, 0, 0, 0, 0x1.fbbc7c17f4fcbp-1, 0x1.9c076236c6aacp-3},
      {1, Purpose::neuron_parameter, 0, 1, 0, 0x1.58102837bf8b9p-1, 0x1.e701e91e9fd98p-2},
      {1, Purpose::neuron_parameter, 0, 1ULL << 32U, 0, 0x1.067ff1b844b92p-1, 0x1.195c4598599a4p-3},
      {1, Purpose::neuron_parameter, 0, 0, 1, 0x1.c1c70490a0980p-6, 0x1.c848825b6d15cp-3},
      {0xFEDCBA9876543210, Purpose::poisson, 0xABCDEF, 0x123456789, 42, 0x1.c7c433ec3ca15p-1,
       0x1.2ea7d3990eb02p-1},
  };
  for (const auto& c : cases) {
    const RandomStream random(c.seed, c.purpose, c.object);
    EXPECT_EQ(random.uniforms(c.index, c.draw)[0], c.first);
    EXPECT_EQ(random.uniforms(c.index, c.draw)[1], c.second);
    EXPECT_EQ(random.uniform(c.index, c.draw), c.first);
  }
}

TEST(RandomStream, MakesNormalNumbersOfTwoUniformOnes) {
  const RandomStream random(1, Purpose::neuron_parameter, 0);
  EXPECT_NEAR(random.normal(0), -1.804556690200625, 1e-14);
  EXPECT_NEAR(random.normal(1), -1.4756192460492585, 1e-14);
  EXPECT_NEAR(random.normal(0, 1), 0.04013634719787072, 1e-14);
}

TEST(RandomStream, DoesNotRememberWhatWasDrawn) {
  const RandomStream random(5, Purpose::weight, 3);
  const double late = random.uniform(1000, 7);
  for (std::uint64_t i = 0; i < 100; ++i) (void)random.uniform(i);
  EXPECT_EQ(random.uniform(1000, 7), late);
  EXPECT_EQ(RandomStream(5, Purpose::weight, 3).uniform(1000, 7), late);
}

TEST(RandomStream, UniformNumbersFillTheUnitInterval) {
  const RandomStream random(11, Purpose::weight, 0);
  constexpr int n = 100000;
  double sum = 0.0, squares = 0.0, low = 1.0, high = 0.0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const double u = random.uniform(i);
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    squares += u * u;
    low = std::min(low, u);
    high = std::max(high, u);
  }
  EXPECT_NEAR(sum / n, 0.5, 0.004);  // 4 standard errors: 0.0037
  EXPECT_NEAR(squares / n, 1.0 / 3.0, 0.004);
  EXPECT_LT(low, 1e-3);
  EXPECT_GT(high, 1.0 - 1e-3);
}

TEST(RandomStream, NormalNumbersHaveTheMomentsOfTheStandardNormal) {
  const RandomStream random(12, Purpose::weight, 0);
  constexpr int n = 100000;
  double moments[4] = {0.0, 0.0, 0.0, 0.0};
  int beyond_two = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const double x = random.normal(i);
    ASSERT_TRUE(std::isfinite(x));
    double power = 1.0;
    for (double& moment : moments) moment += (power *= x) / n;
    beyond_two += std::abs(x) > 2.0 ? 1 : 0;
  }
  EXPECT_NEAR(moments[0], 0.0, 0.013);  // 4 standard errors each
  EXPECT_NEAR(moments[1], 1.0, 0.018);
  EXPECT_NEAR(moments[2], 0.0, 0.05);
  EXPECT_NEAR(moments[3], 3.0, 0.13);
  EXPECT_NEAR(static_cast<double>(beyond_two) / n, 0.0455, 0.0027);
}

TEST(RandomStream, BelowStaysBelowAndReachesEveryNumber) {
  const RandomStream random(13, Purpose::connection, 0);
  std::vector<int> counts(7, 0);
  constexpr int n = 70000;
  for (std::uint64_t i = 0; i < n; ++i) {
    const auto k = random.below(7, i);
    ASSERT_LT(k, 7U);
    ++counts[k];
    ASSERT_EQ(random.below(1, i), 0U);
  }
  for (const int count : counts) EXPECT_NEAR(count, n / 7.0, 400);  // 4.3 standard deviations
}

TEST(RandomStream, BelowReachesTheUpperHalfOf32Bits) {
  const RandomStream random(14, Purpose::connection, 0);
  std::uint32_t largest = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    largest = std::max(largest, random.below(0xFFFFFFFFU, i));
  }
  EXPECT_GT(largest, 0xF0000000U);
}

TEST(RandomStream, NeighbouringKeysShareNoNumbers) {
  std::set<double> seen;
  std::size_t drawn = 0;
  for (const std::uint64_t seed : {1U, 2U}) {
    for (const auto purpose :
         {Purpose::neuron_parameter, Purpose::connection, Purpose::weight, Purpose::poisson}) {
      for (const std::uint32_t object : {0U, 1U}) {
        const RandomStream random(seed, purpose, object);
        for (std::uint64_t index = 0; index < 10; ++index) {
          for (const std::uint32_t draw : {0U, 1U}) {
            for (const double u : random.uniforms(index, draw)) {
              seen.insert(u);
              ++drawn;
            }
          }
        }
      }
    }
  }
  EXPECT_EQ(seen.size(), drawn);
}

}  // namespace
}  // namespace eprop::core
