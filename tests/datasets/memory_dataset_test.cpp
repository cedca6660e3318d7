#include <gtest/gtest.h>

#include <limits>

#include "eprop/dataset.hpp"
#include "refusal.hpp"

namespace eprop {
namespace {

using testing::refusal;

TEST(MemoryDataset, GivesBackItsSamples) {
  const MemoryDataset data(3, 2, {{{{0.0, 2}, {1.5, 0}}, 1}, {{}, 0}});
  EXPECT_EQ(data.size(), 2U);
  EXPECT_EQ(data.channels(), 3U);
  EXPECT_EQ(data.classes(), 2U);
  EXPECT_EQ(data.label(0), 1U);
  EXPECT_EQ(data.spikes(0), (std::vector<ChannelSpike>{{0.0, 2}, {1.5, 0}}));
  EXPECT_TRUE(data.spikes(1).empty());
}

TEST(MemoryDataset, RefusesWhatIsNoChannelClassOrTime) {
  const auto error = [](double time, std::uint32_t channel, std::uint32_t label) {
    return refusal([&] { MemoryDataset(3, 2, {{}, {{{time, channel}}, label}}); });
  };
  EXPECT_EQ(error(0.0, 2, 1), "");
  EXPECT_EQ(error(0.0, 3, 1), "dataset: sample 1: channel = 3: must be below the 3 channels");
  EXPECT_EQ(error(0.0, 0, 2), "dataset: sample 1: label = 2: must be below the 2 classes");
  EXPECT_EQ(error(-0.5, 0, 0), "dataset: sample 1: time = -0.5 ms: must be finite and at least 0");
  EXPECT_NE(error(std::numeric_limits<double>::quiet_NaN(), 0, 0), "");
  EXPECT_EQ(refusal([] { MemoryDataset(0, 1, {}); }), "dataset: channels = 0: must be at least 1");
  EXPECT_EQ(refusal([] { MemoryDataset(1, 0, {}); }), "dataset: classes = 0: must be at least 1");
}

}  // namespace
}  // namespace eprop
