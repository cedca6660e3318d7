#include "neuromorphic_mnist_data/input_channels.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "neuromorphic_mnist_data/synthetic_nmnist.hpp"

namespace eprop::examples {
namespace {

using ::testing::ElementsAre;

std::vector<bool> flags(const std::vector<int>& active) {
  std::vector<bool> result(channel_count);
  for (const int channel : active) result[static_cast<std::size_t>(channel)] = true;
  return result;
}

TEST(InputChannels, NumberPolarityThenRowThenColumn) {
  EXPECT_EQ(channel_of({0, 0, false, 0}), 0);
  EXPECT_EQ(channel_of({5, 2, false, 0}), 73);
  EXPECT_EQ(channel_of({0, 0, true, 0}), 1156);
  EXPECT_EQ(channel_of({33, 33, true, 0}), channel_count - 1);
}

TEST(InputChannels, TimeIsRoundedToTheNearestStep) {
  EXPECT_EQ(step_of(0), 0);
  EXPECT_EQ(step_of(560), 0);
  EXPECT_EQ(step_of(561), 1);
  EXPECT_EQ(step_of(8401), 8);    // 7.5
  EXPECT_EQ(step_of(25203), 22);  // 22.5
  EXPECT_EQ(step_of(335479), 299);
  EXPECT_EQ(step_of(335480), 300);
  EXPECT_EQ(step_of(0x7fffff), 7489);
}

TEST(InputChannels, MapNumbersActiveChannelsInOrder) {
  const ChannelMap map(flags({3, 70, 2311}));
  EXPECT_EQ(map.inputs(), 3);
  EXPECT_EQ(map.input(3), 0);
  EXPECT_EQ(map.input(70), 1);
  EXPECT_EQ(map.input(2311), 2);
  EXPECT_EQ(map.input(4), -1);
  EXPECT_EQ(map.channel(2), 2311);
  EXPECT_THROW(map.input(channel_count), std::out_of_range);
  EXPECT_THROW(map.channel(3), std::out_of_range);
}

TEST(InputChannels, MapRefusesNoActiveChannelAndWrongLength) {
  EXPECT_THROW(ChannelMap(flags({})), std::invalid_argument);
  EXPECT_THROW(ChannelMap(std::vector<bool>(5, true)), std::invalid_argument);
}

TEST(InputChannels, EncodeSortsMergesAndDrops) {
  const ChannelMap map(flags({0, 1, 1156}));
  const std::vector<Event> events{
      {0, 0, true, 11300},    // step 10, input 2
      {1, 0, false, 11200},   // step 10, input 1
      {1, 0, false, 11210},   // the same again
      {0, 0, false, 100},     // step 0, input 0
      {2, 0, false, 100},     // silent channel
      {0, 0, false, 335480},  // step 300
  };
  EXPECT_THAT(encode(events, map),
              ElementsAre(InputSpike{0, 0}, InputSpike{10, 1}, InputSpike{10, 2}));
  EXPECT_THAT(encode(events, map, 10), ElementsAre(InputSpike{0, 0}));
  EXPECT_TRUE(encode({}, map).empty());
  EXPECT_EQ(count_late(events), 1U);
  EXPECT_EQ(count_late(events, 10), 4U);
  EXPECT_EQ(count_late({}), 0U);
}

/// Digits 0 and 1 in turn; sample i has channel 0 in step 0, twice, and, in the first half of the
/// samples, channel 5 beyond step 100.
class TwoDigits : public Dataset {
 public:
  std::size_t size(Split) const override { return 20; }
  int label(Split, std::size_t index) const override { return static_cast<int>(index % 2); }
  std::vector<Event> events(Split split, std::size_t index) const override {
    EXPECT_EQ(split, Split::train);
    std::vector<Event> events{{0, 0, false, 1}, {0, 0, false, 2}};
    if (index < 10) events.push_back({5, 0, false, 200000});
    return events;
  }
};

TEST(ActiveChannels, NeedTheirShareOfSpikes) {
  const TwoDigits data;
  EXPECT_EQ(select_active_channels(data, {.min_spikes_per_sample = 0.5}).inputs(), 2);
  EXPECT_EQ(select_active_channels(data, {.min_spikes_per_sample = 0.51}).inputs(), 1);
  // Two events in a step are one spike.
  EXPECT_EQ(select_active_channels(data, {.min_spikes_per_sample = 1.0}).inputs(), 1);
  EXPECT_THROW(select_active_channels(data, {.min_spikes_per_sample = 1.01}),
               std::invalid_argument);
}

TEST(ActiveChannels, LookAtTheFirstSamplesOfEachDigit) {
  const TwoDigits data;
  const ChannelSelection first_ten{.samples_per_label = 5, .min_spikes_per_sample = 0.9};
  EXPECT_EQ(select_active_channels(data, first_ten).inputs(), 2);
}

TEST(ActiveChannels, IgnoreWhatLiesBeyondTheSequence) {
  const TwoDigits data;
  const ChannelMap map = select_active_channels(data, {.sequence_steps = 100});
  EXPECT_EQ(map.inputs(), 1);
  EXPECT_EQ(map.channel(0), 0);
}

TEST(ActiveChannels, RefuseNumbersThatAreNotPositive) {
  const TwoDigits data;
  EXPECT_THROW(select_active_channels(data, {.samples_per_label = 0}), std::invalid_argument);
  for (const double rate : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(select_active_channels(data, {.min_spikes_per_sample = rate}),
                 std::invalid_argument);
  }
  EXPECT_THROW(select_active_channels(data, {.sequence_steps = 0}), std::invalid_argument);
}

TEST(ActiveChannels, OfSyntheticDigitsAreTheCentreNotTheCorners) {
  const SyntheticNmnist data(1, 1000, 1);
  const ChannelMap map = select_active_channels(data, {.samples_per_label = 20});
  EXPECT_GT(map.inputs(), 800);
  EXPECT_LT(map.inputs(), 1900);
  constexpr std::array<std::uint8_t, 2> border{0, 33};
  for (const bool on : {false, true}) {
    EXPECT_GE(map.input(channel_of({17, 17, on, 0})), 0);
    for (const auto x : border) {
      for (const auto y : border) {
        EXPECT_EQ(map.input(channel_of({x, y, on, 0})), -1);
      }
    }
  }
}

}  // namespace
}  // namespace eprop::examples
