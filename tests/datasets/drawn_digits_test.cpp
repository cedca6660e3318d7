#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "datasets/event.hpp"
#include "eprop/datasets/digits.hpp"
#include "refusal.hpp"

namespace eprop::datasets {
namespace {

bool in_order_of_time(const std::vector<ChannelSpike>& spikes) {
  return std::ranges::is_sorted(spikes, {}, &ChannelSpike::time);
}

TEST(DrawnDigits, SampleDependsOnSeedSetAndIndexAlone) {
  const auto [training, test] = drawn_digits(7, 1000, 100);
  const auto sample = training->spikes(99);
  for (std::size_t i = 0; i < 20; ++i) (void)test->spikes(i);  // must leave no trace
  EXPECT_EQ(training->spikes(99), sample);
  EXPECT_EQ(drawn_digits(7, 60000, 10000).training->spikes(99), sample);
  EXPECT_NE(training->spikes(89), sample);
  EXPECT_NE(test->spikes(99), sample);
  EXPECT_NE(drawn_digits(8, 1000, 100).training->spikes(99), sample);
}

TEST(DrawnDigits, StayAsTheyWereFirstDrawn) {
  // Number of spikes, and a sum that shows any that moves; of the first version.
  double weighted = 0.0;
  std::size_t count = 0;
  const auto training = drawn_digits(1, 100, 1).training;
  for (std::size_t i = 0; i < training->size(); ++i) {
    for (const auto& [time, channel] : training->spikes(i)) {
      ++count;
      weighted += time * (channel + 1.0);
    }
  }
  EXPECT_EQ(count, 372553U);
  EXPECT_NEAR(weighted / 6.858151644e+10, 1.0, 1e-6);
}

TEST(DrawnDigits, NoSampleOccursTwice) {
  std::set<std::vector<std::pair<double, std::uint32_t>>> seen;
  const auto [training, test] = drawn_digits(1, 100, 100);
  for (const auto& set : {training, test}) {
    for (std::size_t i = 0; i < set->size(); ++i) {
      std::vector<std::pair<double, std::uint32_t>> key;
      for (const auto& [time, channel] : set->spikes(i)) key.emplace_back(time, channel);
      EXPECT_TRUE(seen.insert(key).second) << i;
    }
  }
}

TEST(DrawnDigits, LookLikeTheOriginalRecordings) {
  const auto training = drawn_digits(3, 200, 1).training;
  for (std::size_t i = 0; i < 200; ++i) {
    const auto spikes = training->spikes(i);
    EXPECT_GE(spikes.size(), 1000U) << i;
    EXPECT_LE(spikes.size(), 8000U) << i;
    EXPECT_TRUE(in_order_of_time(spikes)) << i;
    EXPECT_LT(spikes.back().time, digit_duration) << i;
    const auto share = [&](auto&& rule) {
      return static_cast<double>(std::ranges::count_if(spikes, rule)) /
             static_cast<double>(spikes.size());
    };
    EXPECT_EQ(share([](const auto& s) { return s.channel < event_channels; }), 1.0) << i;
    // What brightens darkens again.
    EXPECT_NEAR(share([](const auto& s) { return s.channel >= event_channels / 2; }), 0.5, 0.1);
    for (const double begin : {0.0, 100.0, 200.0}) {  // of a saccade, ms
      const auto during = [&](const auto& s) { return s.time >= begin && s.time < begin + 100.0; };
      EXPECT_GT(share(during), 0.05) << i << ", saccade from " << begin << " ms on";
    }
  }
}

TEST(DrawnDigits, LabelsTakeTurns) {
  EXPECT_EQ(drawn_digits(1, 25, 5).training->label(23), 3U);
  const auto [training, test] = drawn_digits(1, 25, 5, {7, 2});
  EXPECT_EQ(training->label(0), 2U);
  EXPECT_EQ(test->label(3), 7U);
}

TEST(DrawnDigits, RefuseEmptySetsAndIndicesBeyond) {
  using testing::refusal;
  EXPECT_EQ(refusal([] { (void)drawn_digits(1, 0, 5); }),
            "drawn digits: size = 0: must be at least 1");
  EXPECT_NE(refusal([] { (void)drawn_digits(1, 5, 0); }), "");
  EXPECT_NE(refusal([] { (void)drawn_digits(1, 5, 5, {11}); }), "");
  const auto training = drawn_digits(1, 5, 5).training;
  EXPECT_NE(refusal([&] { (void)training->label(5); }), "");
  EXPECT_NE(refusal([&] { (void)training->spikes(5); }), "");
}

using Counts = std::vector<double>;

/// Events per channel, scaled to length 1.
Counts collapsed(const Dataset& data, std::size_t index) {
  Counts counts(data.channels());
  for (const auto& [time, channel] : data.spikes(index)) counts[channel] += 1.0;
  double square = 0.0;
  for (const double count : counts) square += count * count;
  for (double& count : counts) count /= std::sqrt(square);
  return counts;
}

TEST(DrawnDigits, NearestClassMeanTellsMostDigitsButNotAll) {
  constexpr std::size_t train = 500, tested = 200;
  const auto [training, test] = drawn_digits(1, train, tested);
  std::array<Counts, 10> mean;
  mean.fill(Counts(event_channels));
  for (std::size_t i = 0; i < train; ++i) {
    const Counts sample = collapsed(*training, i);
    Counts& sum = mean.at(training->label(i));
    for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += sample[c] / (train / 10.0);
  }
  std::size_t right = 0;
  for (std::size_t i = 0; i < tested; ++i) {
    const Counts sample = collapsed(*test, i);
    std::array<double, 10> distance{};
    for (std::size_t digit = 0; digit < 10; ++digit) {
      for (std::size_t c = 0; c < sample.size(); ++c) {
        const double difference = sample[c] - mean[digit][c];
        distance[digit] += difference * difference;
      }
    }
    const auto nearest = std::min_element(distance.begin(), distance.end()) - distance.begin();
    if (nearest == test->label(i)) ++right;
  }
  const double accuracy = static_cast<double>(right) / tested;
  RecordProperty("accuracy", std::to_string(accuracy));
  EXPECT_GT(accuracy, 0.70);
  EXPECT_LT(accuracy, 0.98);  // otherwise there would be nothing to learn
}

}  // namespace
}  // namespace eprop::datasets
