#include "datasets/event.hpp"

#include <gtest/gtest.h>

namespace eprop::datasets {
namespace {

TEST(EventChannel, NumbersPolarityThenRowThenColumn) {
  EXPECT_EQ(channel_of({0, 0, false, 0}), 0U);
  EXPECT_EQ(channel_of({5, 2, false, 0}), 73U);
  EXPECT_EQ(channel_of({0, 0, true, 0}), 1156U);
  EXPECT_EQ(channel_of({33, 33, true, 0}), event_channels - 1);
}

TEST(EventChannel, SpikesInMilliseconds) {
  EXPECT_EQ(to_spikes(std::vector<Event>{{1, 0, false, 1500}, {0, 1, true, 0}}),
            (std::vector<ChannelSpike>{{1.5, 1}, {0.0, 1190}}));
}

}  // namespace
}  // namespace eprop::datasets
