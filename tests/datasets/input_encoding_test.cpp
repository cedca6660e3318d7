#include "eprop/input_encoding.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "datasets/event.hpp"
#include "eprop/datasets/digits.hpp"
#include "refusal.hpp"

namespace eprop {
namespace {

using testing::refusal;

using Trains = std::vector<std::vector<Step>>;

constexpr StepGrid digit_grid{.duration = datasets::digit_duration, .steps = 300};

std::vector<bool> flags(std::size_t channels, const std::vector<std::uint32_t>& active) {
  std::vector<bool> result(channels);
  for (const auto channel : active) result[channel] = true;
  return result;
}

TEST(StepGrid, TakesTimesToTheNearestStep) {
  EXPECT_EQ(digit_grid.step_of(0.0), 0);
  EXPECT_EQ(digit_grid.step_of(0.560), 0);
  EXPECT_EQ(digit_grid.step_of(0.561), 1);
  EXPECT_EQ(digit_grid.step_of(8.401), 8);    // 7.5
  EXPECT_EQ(digit_grid.step_of(25.203), 22);  // 22.5
  EXPECT_EQ(digit_grid.step_of(335.479), 299);
  EXPECT_EQ(digit_grid.step_of(335.480), 300);
  EXPECT_EQ(digit_grid.step_of(8388.607), 7489);
}

TEST(StepGrid, TakesTimesBeyondAllStepsToOneBeyond) {
  EXPECT_GT(digit_grid.step_of(1e300), Step{1} << 60);
}

TEST(StepGrid, TakesEveryMicrosecondAsIntegersDo) {
  for (std::uint32_t us = 0; us < 1U << 23U; us += 7) {
    const auto exact = static_cast<double>(us) * 300 / 336040;
    ASSERT_EQ(digit_grid.step_of(us / 1000.0), static_cast<Step>(std::nearbyint(exact))) << us;
  }
}

TEST(ChannelMap, NumbersActiveChannelsInOrder) {
  const ChannelMap map(flags(2312, {3, 70, 2311}));
  EXPECT_EQ(map.inputs(), 3U);
  EXPECT_EQ(map.channels(), 2312U);
  EXPECT_EQ(map.input(3), 0U);
  EXPECT_EQ(map.input(70), 1U);
  EXPECT_EQ(map.input(2311), 2U);
  EXPECT_EQ(map.input(4), std::nullopt);
  EXPECT_EQ(map.channel(2), 2311U);
}

TEST(ChannelMap, OfAllChannelsGivesEachItsInput) {
  const auto map = ChannelMap::all(3);
  EXPECT_EQ(map.inputs(), 3U);
  EXPECT_EQ(map.input(2), 2U);
}

TEST(ChannelMap, RefusesNoActiveChannel) {
  EXPECT_EQ(refusal([] { ChannelMap(std::vector<bool>(4)); }),
            "channel map: active channels = 0: must be at least 1");
  EXPECT_NE(refusal([] { (void)ChannelMap::all(0); }), "");
}

TEST(InputEncoding, SortsMergesAndDrops) {
  const ChannelMap map(flags(6, {0, 1, 5}));
  const std::vector<ChannelSpike> spikes{
      {.time = 10.2, .channel = 5}, {.time = 9.9, .channel = 1},
      {.time = 10.1, .channel = 1},  // the same step again
      {.time = 99.4, .channel = 0}, {.time = 0.1, .channel = 0},
      {.time = 0.1, .channel = 2},   // silent
      {.time = 99.6, .channel = 0},  // beyond
  };
  const auto encoded = InputEncoding{map, {.duration = 100.0, .steps = 100}}.encode(spikes);
  EXPECT_EQ(encoded.spikes, (Trains{{1, 100}, {11}, {11}}));  // numbered from 1
  EXPECT_EQ(encoded.late, 1U);
  const auto shorter = InputEncoding{map, {.duration = 10.0, .steps = 10}}.encode(spikes);
  EXPECT_EQ(shorter.spikes, (Trains{{1}, {}, {}}));
  EXPECT_EQ(shorter.late, 5U);
}

TEST(InputEncoding, OfNothingIsSilence) {
  const auto encoded = InputEncoding{ChannelMap::all(2), {.duration = 1.0, .steps = 5}}.encode({});
  EXPECT_EQ(encoded.spikes, (Trains{{}, {}}));
  EXPECT_EQ(encoded.late, 0U);
}

TEST(InputEncoding, RefusesGridsWithoutTimeOrSteps) {
  const auto error = [](double duration, Step steps) {
    return refusal([&] {
      InputEncoding{ChannelMap::all(1), {.duration = duration, .steps = steps}}.check();
    });
  };
  EXPECT_EQ(error(1.0, 1), "");
  EXPECT_EQ(error(1.0, 0), "input encoding: steps = 0: must be at least 1");
  EXPECT_EQ(error(0.0, 1), "input encoding: duration = 0 ms: must be finite and at least 0.001");
  EXPECT_NE(error(std::numeric_limits<double>::quiet_NaN(), 1), "");
  EXPECT_NE(error(std::numeric_limits<double>::infinity(), 1), "");
}

/// Two classes in turn; all samples have channel 0 in step 0, twice, and the first ten channel 5
/// later.
MemoryDataset two_classes() {
  std::vector<LabelledSpikes> samples;
  for (std::uint32_t i = 0; i < 20; ++i) {
    samples.push_back({.spikes = {{0.001, 0}, {0.002, 0}}, .label = i % 2});
    if (i < 10) samples.back().spikes.push_back({200.0, 5});
  }
  return {7, 2, samples};
}

std::uint32_t inputs(const ChannelSelection& selection, const StepGrid& grid = digit_grid) {
  return select_active_channels(two_classes(), grid, selection).inputs();
}

TEST(ActiveChannels, NeedTheirShareOfSpikes) {
  EXPECT_EQ(inputs({.min_spikes_per_sample = 0.5}), 2U);
  EXPECT_EQ(inputs({.min_spikes_per_sample = 0.51}), 1U);
  // Two spikes in a step are one.
  EXPECT_EQ(inputs({.min_spikes_per_sample = 1.0}), 1U);
  EXPECT_NE(refusal([] { inputs({.min_spikes_per_sample = 1.01}); }), "");
}

TEST(ActiveChannels, LookAtTheFirstSamplesOfEachClass) {
  EXPECT_EQ(inputs({.samples_per_label = 5, .min_spikes_per_sample = 0.9}), 2U);
}

TEST(ActiveChannels, IgnoreWhatLiesBeyondTheSequence) {
  EXPECT_EQ(inputs({}, {.duration = 100.0, .steps = 100}), 1U);
}

TEST(ActiveChannels, RefuseNumbersThatAreNotPositive) {
  EXPECT_EQ(refusal([] { inputs({.samples_per_label = 0}); }),
            "channel selection: samples_per_label = 0: must be at least 1");
  for (const double rate : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_NE(refusal([&] { inputs({.min_spikes_per_sample = rate}); }), "");
  }
}

TEST(ActiveChannels, OfDrawnDigitsAreTheCentreNotTheCorners) {
  const auto training = datasets::drawn_digits(1, 1000, 1).training;
  const ChannelMap map = select_active_channels(*training, digit_grid, {.samples_per_label = 20});
  EXPECT_GT(map.inputs(), 800U);
  EXPECT_LT(map.inputs(), 1900U);
  constexpr std::array<std::uint8_t, 2> border{0, 33};
  for (const bool on : {false, true}) {
    const auto active = [&](std::uint8_t x, std::uint8_t y) {
      return map.input(datasets::channel_of({x, y, on, 0})).has_value();
    };
    EXPECT_TRUE(active(17, 17));
    for (const auto x : border) {
      for (const auto y : border) EXPECT_FALSE(active(x, y));
    }
  }
}

}  // namespace
}  // namespace eprop
