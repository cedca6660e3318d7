#include <gtest/gtest.h>

#include <vector>

#include "devices/spike_sources.hpp"

namespace eprop::devices {
namespace {

using Sources = std::vector<std::uint32_t>;
using Record = std::vector<Sources>;

/// What a player emits in the steps [first, last).
Record play(TrainPlayer& player, Step first, Step last) {
  core::SpikeHistory history(last - first, first);
  Record record;
  for (Step t = first; t < last; ++t) {
    player.emit(t, history);
    history.end_step();
    const auto sources = history.at(t);
    record.emplace_back(sources.begin(), sources.end());
  }
  return record;
}

TEST(SpikeTrain, SpikesInTheStepThatBeginsAtItsTime) {
  TrainPlayer player({{{0.0, 0.3}, {0.7}}}, 0.1);
  EXPECT_EQ(play(player, 0, 9), (Record{{0}, {}, {}, {0}, {}, {}, {}, {1}, {}}));
}

TEST(SpikeTrain, OrdersSpikesOfAStepByNeuronAndTimesOfANeuronInAnyOrder) {
  TrainPlayer player({{{2.0}, {3.0, 1.0, 2.0}, {2.0}}}, 1.0);
  EXPECT_EQ(play(player, 0, 4), (Record{{}, {1}, {0, 1, 2}, {1}}));
}

TEST(SpikeTrain, OrdersSpikesThatAreFarApart) {
  TrainPlayer player({{{5000.0, 0.0, 90000.0}, {90000.0, 3.0}, {3.0}}}, 1.0);
  EXPECT_EQ(play(player, 0, 4), (Record{{0}, {}, {}, {1, 2}}));
  EXPECT_EQ(play(player, 4999, 5002), (Record{{}, {0}, {}}));
  EXPECT_EQ(play(player, 90000, 90001), (Record{{0, 1}}));
}

TEST(SpikeTrain, SpikesOnceInAStepHoweverOftenItIsGiven) {
  TrainPlayer player({{{2.0, 2.0, 2.0}, {2.0}}}, 1.0);
  player.add({{2.0}, {}}, 1.0, 0);
  EXPECT_EQ(play(player, 0, 3), (Record{{}, {}, {0, 1}}));
}

TEST(SpikeTrain, TakesFurtherSpikesBetweenThoseToCome) {
  TrainPlayer player({{{1.0, 6.0}, {}}}, 1.0);
  EXPECT_EQ(play(player, 0, 3), (Record{{}, {0}, {}}));
  player.add({{4.0, 9.0}, {3.0, 6.0}}, 1.0, 3);
  EXPECT_EQ(play(player, 3, 8), (Record{{1}, {0}, {}, {0, 1}, {}}));
  player.add({{8.0}, {8.0}}, 1.0, 8);
  EXPECT_EQ(play(player, 8, 10), (Record{{0, 1}, {0}}));
}

TEST(SpikeTrain, SkipsStepsThatAreNotPlayed) {
  TrainPlayer player({{{1.0, 2.0, 50.0}}}, 1.0);
  EXPECT_EQ(play(player, 40, 52)[10], (Sources{0}));
}

TEST(SpikeTrain, WithoutSpikesIsSilent) {
  TrainPlayer player({{{}, {}}}, 1.0);
  EXPECT_EQ(play(player, 0, 3), Record(3));
}

}  // namespace
}  // namespace eprop::devices
