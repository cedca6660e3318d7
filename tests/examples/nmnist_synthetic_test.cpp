#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>

#include "neuromorphic_mnist_data/input_channels.hpp"
#include "neuromorphic_mnist_data/synthetic_nmnist.hpp"

namespace eprop::examples {
namespace {

TEST(SyntheticNmnist, SampleDependsOnSeedSplitAndIndexAlone) {
  const SyntheticNmnist data(7, 1000, 100);
  const SyntheticNmnist longer(7, 60000, 10000);
  const auto sample = data.events(Split::train, 99);
  for (std::size_t i = 0; i < 20; ++i) data.events(Split::test, i);  // must leave no trace
  EXPECT_EQ(data.events(Split::train, 99), sample);
  EXPECT_EQ(longer.events(Split::train, 99), sample);
  EXPECT_NE(data.events(Split::train, 89), sample);
  EXPECT_NE(data.events(Split::test, 99), sample);
  EXPECT_NE(SyntheticNmnist(8, 1000, 100).events(Split::train, 99), sample);
}

TEST(SyntheticNmnist, NoSampleOccursTwice) {
  const SyntheticNmnist data(1, 100, 100);
  std::set<std::vector<std::array<std::uint32_t, 4>>> seen;
  for (const Split split : {Split::train, Split::test}) {
    for (std::size_t i = 0; i < data.size(split); ++i) {
      std::vector<std::array<std::uint32_t, 4>> key;
      for (const Event& event : data.events(split, i)) {
        key.push_back({event.time_us, event.x, event.y, event.on ? 1U : 0U});
      }
      EXPECT_TRUE(seen.insert(key).second) << name(split) << " " << i;
    }
  }
}

TEST(SyntheticNmnist, RecordingsLookLikeTheOriginalOnes) {
  const SyntheticNmnist data(3, 200, 1);
  for (std::size_t i = 0; i < 200; ++i) {
    const auto events = data.events(Split::train, i);
    EXPECT_GE(events.size(), 1000U) << i;
    EXPECT_LE(events.size(), 8000U) << i;
    EXPECT_TRUE(std::is_sorted(events.begin(), events.end(), [](const Event& a, const Event& b) {
      return a.time_us < b.time_us;
    })) << i;
    EXPECT_LT(events.back().time_us, recording_us) << i;
    EXPECT_TRUE(std::all_of(events.begin(), events.end(), [](const Event& event) {
      return event.x < sensor_size && event.y < sensor_size;
    })) << i;
    const auto on =
        std::count_if(events.begin(), events.end(), [](const Event& e) { return e.on; });
    const double part = static_cast<double>(on) / static_cast<double>(events.size());
    EXPECT_NEAR(part, 0.5, 0.1) << i;  // what brightens darkens again
    for (std::uint32_t saccade = 0; saccade < 3; ++saccade) {
      const auto seen = std::count_if(events.begin(), events.end(), [&](const Event& event) {
        return event.time_us / 100000 == saccade;
      });
      EXPECT_GT(seen, 100) << "sample " << i << ", saccade " << saccade;
    }
  }
}

TEST(SyntheticNmnist, LabelsTakeTurns) {
  const SyntheticNmnist all(1, 25, 5);
  EXPECT_EQ(all.label(Split::train, 23), 3);
  const SyntheticNmnist two(1, 25, 5, {7, 2});
  EXPECT_EQ(two.label(Split::train, 0), 2);
  EXPECT_EQ(two.label(Split::test, 3), 7);
}

TEST(SyntheticNmnist, RefusesEmptySetsAndIndicesBeyond) {
  EXPECT_THROW(SyntheticNmnist(1, 0, 5), std::invalid_argument);
  EXPECT_THROW(SyntheticNmnist(1, 5, 0), std::invalid_argument);
  EXPECT_THROW(SyntheticNmnist(1, 5, 5, {11}), std::invalid_argument);
  const SyntheticNmnist data(1, 5, 5);
  EXPECT_THROW(data.label(Split::train, 5), std::out_of_range);
  EXPECT_THROW(data.events(Split::test, 5), std::out_of_range);
}

using Counts = std::vector<double>;

/// Events per channel, scaled to length 1.
Counts collapsed(const SyntheticNmnist& data, Split split, std::size_t index) {
  Counts counts(channel_count);
  for (const Event& event : data.events(split, index)) {
    counts[static_cast<std::size_t>(channel_of(event))] += 1.0;
  }
  double square = 0.0;
  for (const double count : counts) square += count * count;
  for (double& count : counts) count /= std::sqrt(square);
  return counts;
}

TEST(SyntheticNmnist, NearestClassMeanTellsMostDigitsButNotAll) {
  constexpr std::size_t train = 500, test = 200;
  const SyntheticNmnist data(1, train, test);
  std::array<Counts, 10> mean;
  mean.fill(Counts(channel_count));
  for (std::size_t i = 0; i < train; ++i) {
    const Counts sample = collapsed(data, Split::train, i);
    Counts& sum = mean.at(static_cast<std::size_t>(data.label(Split::train, i)));
    for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += sample[c] / (train / 10.0);
  }
  std::size_t right = 0;
  for (std::size_t i = 0; i < test; ++i) {
    const Counts sample = collapsed(data, Split::test, i);
    std::array<double, 10> distance{};
    for (std::size_t digit = 0; digit < 10; ++digit) {
      for (std::size_t c = 0; c < sample.size(); ++c) {
        const double difference = sample[c] - mean[digit][c];
        distance[digit] += difference * difference;
      }
    }
    const auto nearest = std::min_element(distance.begin(), distance.end()) - distance.begin();
    if (nearest == data.label(Split::test, i)) ++right;
  }
  const double accuracy = static_cast<double>(right) / test;
  RecordProperty("accuracy", std::to_string(accuracy));
  EXPECT_GT(accuracy, 0.70);
  EXPECT_LT(accuracy, 0.98);  // otherwise there would be nothing to learn
}

}  // namespace
}  // namespace eprop::examples
