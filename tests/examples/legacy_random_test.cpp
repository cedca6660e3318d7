#include "support/legacy_random.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <stdexcept>
#include <vector>

namespace eprop::examples {
namespace {

// All numbers were printed by NumPy 1.24, with R = numpy.random.RandomState.

using Numbers = std::vector<double>;

// Normals pass through log and sqrt, which libraries may round otherwise in the last place.
void expect_close(const Numbers& values, const Numbers& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_DOUBLE_EQ(values[i], expected[i]) << "number " << i;
  }
}

TEST(LegacyRandom, UniformsEqualThoseOfNumpyForAnySeed) {
  EXPECT_EQ(LegacyRandom(1).uniforms(5),  // R(1).rand(5)
            (Numbers{0.417022004702574, 0.7203244934421581, 0.00011437481734488664,
                     0.30233257263183977, 0.14675589081711304}));
  EXPECT_EQ(LegacyRandom(0).uniforms(3),  // R(0).rand(3)
            (Numbers{0.5488135039273248, 0.7151893663724195, 0.6027633760716439}));
  EXPECT_EQ(LegacyRandom(4294967295u).uniforms(2),  // R(2**32 - 1).rand(2)
            (Numbers{0.0976320289940138, 0.9123828453026218}));
}

TEST(LegacyRandom, UniformsOverARangeEqualThoseOfNumpy) {
  EXPECT_EQ(
      LegacyRandom(1).uniforms(4, 0.5, 2.0),  // R(1).uniform(0.5, 2.0, 4)
      (Numbers{1.125533007053861, 1.5804867401632372, 0.5001715622260173, 0.9534988589477597}));
}

TEST(LegacyRandom, NormalsEqualThoseOfNumpy) {
  expect_close(LegacyRandom(1).normals(6),  // R(1).randn(6)
               {1.6243453636632417, -0.6117564136500754, -0.5281717522634557, -1.0729686221561705,
                0.8654076293246785, -2.3015386968802827});
  expect_close(LegacyRandom(1).normals(4, 30.0, 2.0),  // R(1).normal(30, 2, 4)
               {33.24869072732648, 28.77648717269985, 28.94365649547309, 27.854062755687657});
}

TEST(LegacyRandom, FairChoicesEqualThoseOfNumpy) {
  const std::vector<int> expected = {1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0,
                                     0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0};
  EXPECT_EQ(LegacyRandom(1).choice(40), expected);  // R(1).choice([0, 1], 40)
}

TEST(LegacyRandom, FairChoicesOneByOneEqualThoseOfOneCall) {
  LegacyRandom single(1), array(1);
  std::vector<int> choices;
  for (int i = 0; i < 40; ++i) choices.push_back(single.choice());
  EXPECT_EQ(choices, array.choice(40));
  EXPECT_EQ(single.uniform(), array.uniform());
}

TEST(LegacyRandom, WeightedChoicesEqualThoseOfNumpy) {
  // R(1).choice([0, 1], 20, p=numpy.array([0.3, 0.7], numpy.float32))
  EXPECT_EQ(LegacyRandom(1).choice(20, 0.3f, 0.7f),
            (std::vector<int>{1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 0, 0}));
}

TEST(LegacyRandom, CertainChoicesNeverMiss) {
  EXPECT_EQ(LegacyRandom(1).choice(50, 0.0, 1.0), std::vector<int>(50, 1));
  EXPECT_EQ(LegacyRandom(1).choice(50, 1.0, 0.0), std::vector<int>(50, 0));
}

TEST(LegacyRandom, RefusesProbabilitiesThatAreNone) {
  LegacyRandom random(1);
  EXPECT_THROW(random.choice(1, 0.3, 0.6), std::invalid_argument);
  EXPECT_THROW(random.choice(1, -0.5, 1.5), std::invalid_argument);
}

// r = R(7); then, in this order: r.randn(), r.rand(), r.choice([0, 1], 3), r.randn(),
// r.uniform(-1, 1, 2), r.choice([0, 1]), r.choice([0, 1], 4, p=numpy.float32([0.7, 0.3])),
// r.normal(1, 0.5, 3), r.rand()
TEST(LegacyRandom, MixedDrawsKeepTheStreamOfNumpy) {
  LegacyRandom random(7);
  EXPECT_DOUBLE_EQ(random.normal(), 1.690525703800356);
  EXPECT_EQ(random.uniform(), 0.9779895119966027);
  EXPECT_EQ(random.choice(3), (std::vector<int>{0, 1, 0}));
  EXPECT_DOUBLE_EQ(random.normal(), -0.4659373705408328);  // kept since the first draw
  EXPECT_EQ(random.uniforms(2, -1.0, 1.0), (Numbers{-0.8265131403200161, -0.1612555791670236}));
  EXPECT_EQ(random.choice(), 0);
  EXPECT_EQ(random.choice(4, 0.7f, 0.3f), (std::vector<int>{0, 0, 1, 0}));
  expect_close(random.normals(3, 1.0, 0.5),
               {0.9184339626129002, 0.8328812050115232, 0.9925158964755671});
  EXPECT_EQ(random.uniform(), 0.4521239618176831);
}

/// Uniform numbers made of the words of the standard library's generator, after `words` of them.
Numbers of_standard_words(std::uint32_t seed, unsigned words, std::size_t n) {
  std::mt19937 engine(seed);
  engine.discard(words);
  Numbers values(n);
  for (auto& value : values) {
    const auto high = static_cast<double>(engine() >> 5);
    const auto low = static_cast<double>(engine() >> 6);
    value = (high * 67108864.0 + low) / 9007199254740992.0;
  }
  return values;
}

TEST(LegacyRandom, UniformsAreMadeOfTheWordsOfMt19937BlockAfterBlock) {
  for (const std::uint32_t seed : {0U, 1U, 4294967295U}) {
    for (const unsigned words : {0U, 1U}) {  // a number has its words in two blocks then
      LegacyRandom random(seed);
      if (words == 1) random.choice();
      EXPECT_EQ(random.uniforms(2000), of_standard_words(seed, words, 2000)) << seed;
    }
  }
}

TEST(LegacyRandom, FindsTheNumbersBelowABoundInTheSameStream) {
  LegacyRandom random(3);
  random.choice();
  const auto values = of_standard_words(3, 1, 5000);
  std::size_t first = 0;
  const auto draw = [&](double p, std::size_t n) {
    std::vector<std::size_t> expected, found;
    for (std::size_t i = 0; i < n; ++i) {
      if (values[first + i] < p) expected.push_back(i);
    }
    random.for_each_below(p, n, [&](std::size_t i) { found.push_back(i); });
    EXPECT_EQ(found, expected) << "of " << n << " after " << first;
    first += n;
  };
  for (const std::size_t n : {0U, 1U, 311U, 312U, 700U}) {
    for (const double p : {0.0, 0.3, 1.0}) draw(p, n);
  }
  draw(values[first], 1);  // is not below itself
  EXPECT_EQ(random.uniform(), values[first]);
}

}  // namespace
}  // namespace eprop::examples
