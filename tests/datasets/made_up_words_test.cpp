#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "eprop/datasets/heidelberg.hpp"
#include "refusal.hpp"

namespace eprop::datasets {
namespace {

TEST(MadeUpWords, SampleDependsOnSeedSetAndIndexAlone) {
  const auto [training, test] = made_up_words(7, 1000, 100);
  const auto sample = training->spikes(99);
  for (std::size_t i = 0; i < 20; ++i) (void)test->spikes(i);  // must leave no trace
  EXPECT_EQ(training->spikes(99), sample);
  EXPECT_EQ(made_up_words(7, 8000, 1).training->spikes(99), sample);
  EXPECT_NE(training->spikes(79), sample);  // of the same class
  EXPECT_NE(test->spikes(99), sample);
  EXPECT_NE(made_up_words(8, 1000, 100).training->spikes(99), sample);
}

TEST(MadeUpWords, StayAsTheyWereFirstMadeUp) {
  double weighted = 0.0;
  std::size_t count = 0;
  const auto training = made_up_words(1, 40, 1).training;
  for (std::size_t i = 0; i < training->size(); ++i) {
    for (const auto& [time, channel] : training->spikes(i)) {
      ++count;
      weighted += time * (channel + 1.0);
    }
  }
  EXPECT_EQ(count, 141026U);
  EXPECT_NEAR(weighted / 1.888268038e+10, 1.0, 1e-6);
}

TEST(MadeUpWords, HaveTheChannelsTimesAndNumbersOfRecordings) {
  const auto training = made_up_words(3, 200, 1).training;
  EXPECT_EQ(training->channels(), 700U);
  EXPECT_EQ(training->classes(), 20U);
  for (std::size_t i = 0; i < 200; ++i) {
    const auto spikes = training->spikes(i);
    EXPECT_GE(spikes.size(), 1000U) << i;
    EXPECT_LE(spikes.size(), 10000U) << i;
    for (const auto& [time, channel] : spikes) {
      ASSERT_TRUE(time >= 0.0 && time < made_up_word_duration && channel < ear_channels) << i;
    }
  }
}

/// How many spikes there are per 50 channels and 250 ms, as a vector of length 1.
std::vector<double> coarse(const std::vector<ChannelSpike>& spikes) {
  std::vector<double> counts(std::size_t{14} * 4);
  for (const auto& [time, channel] : spikes) {
    counts[std::size_t{channel / 50} * 4 + static_cast<std::size_t>(time / 250.0)] += 1.0;
  }
  const double length =
      std::sqrt(std::inner_product(counts.begin(), counts.end(), counts.begin(), 0.0));
  for (double& count : counts) count /= length;
  return counts;
}

TEST(MadeUpWords, OfAClassSoundMoreAlikeThanThoseOfOthers) {
  const auto split = made_up_words(1, 200, 100);
  const Dataset& training = *split.training;
  const Dataset& test = *split.test;
  const auto prototype = [&](std::uint32_t label) {
    std::vector<ChannelSpike> all;
    for (std::size_t i = label; i < training.size(); i += training.classes()) {
      const auto spikes = training.spikes(i);
      all.insert(all.end(), spikes.begin(), spikes.end());
    }
    return coarse(all);
  };
  std::vector<std::vector<double>> prototypes;
  for (std::uint32_t label = 0; label < 20; ++label) prototypes.push_back(prototype(label));
  int right = 0;
  for (std::size_t i = 0; i < test.size(); ++i) {
    const auto sample = coarse(test.spikes(i));
    const auto likeness = [&](const auto& of) {
      return std::inner_product(of.begin(), of.end(), sample.begin(), 0.0);
    };
    const auto nearest = std::ranges::max_element(prototypes, {}, likeness) - prototypes.begin();
    right += nearest == test.label(i) ? 1 : 0;
  }
  EXPECT_GT(right, 60);  // of 100; guessing: 5
}

TEST(MadeUpWords, LabelsTakeTurns) {
  const auto [training, test] = made_up_words(1, 25, 5, 3);
  EXPECT_EQ(training->classes(), 3U);
  EXPECT_EQ(training->label(4), 1U);
  EXPECT_EQ(test->label(2), 2U);
}

TEST(MadeUpWords, RefuseEmptySetsNoClassesAndIndicesBeyond) {
  EXPECT_EQ(testing::refusal([] { (void)made_up_words(1, 0, 1); }),
            "made-up words: size = 0: must be at least 1");
  EXPECT_EQ(testing::refusal([] { (void)made_up_words(1, 1, 0); }),
            "made-up words: size = 0: must be at least 1");
  EXPECT_EQ(testing::refusal([] { (void)made_up_words(1, 1, 1, 0); }),
            "made-up words: classes = 0: must be at least 1");
  const auto training = made_up_words(1, 3, 1).training;
  EXPECT_NE(testing::refusal([&] { (void)training->label(3); }), "");
  EXPECT_NE(testing::refusal([&] { (void)training->spikes(3); }), "");
}

}  // namespace
}  // namespace eprop::datasets
