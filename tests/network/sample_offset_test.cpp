#include <gtest/gtest.h>

#include "eprop/network.hpp"
#include "refusal.hpp"

namespace eprop {
namespace {

TEST(SampleOffset, OfIntervalLearningIsThatOfItsUpdateIntervals) {
  Network network({.dt = 0.5});
  const auto rec = network.add("rec", 1, EpropIafBsshslm2020{});
  const auto out = network.add("out", 1, EpropReadoutBsshslm2020{});
  EXPECT_EQ(network.sample_offset(rec), 1.0);
  EXPECT_EQ(network.sample_offset(out), 2.0);
}

TEST(SampleOffset, IsTheShortestWayFromAnyInput) {
  Network network;
  const auto in = network.add("in", 1, PoissonSource{});
  const auto trains = network.add("trains", SpikeTrains{{{1.0}}});
  const auto rec = network.add("rec", 1, EpropIaf{});
  const auto out = network.add("out", 1, EpropReadout{});
  network.connect(rec, out, AllToAll{}, EpropSynapse{.delay = 3.0});
  network.connect(rec, rec, AllToAll{}, EpropSynapse{.delay = 1.0});
  network.connect(in, rec, AllToAll{}, EpropSynapse{.delay = 7.0});
  EXPECT_EQ(network.sample_offset(in), 0.0);
  EXPECT_EQ(network.sample_offset(rec), 7.0);
  EXPECT_EQ(network.sample_offset(out), 10.0);
  network.connect(trains, rec, AllToAll{}, StaticSynapse{.weight = 1.0, .delay = 2.0});
  EXPECT_EQ(network.sample_offset(out), 5.0);
}

TEST(SampleOffset, IsRefusedWhereNoInputLeads) {
  Network network;
  const auto rec = network.add("rec", 1, EpropIaf{});
  EXPECT_EQ(testing::refusal([&] { (void)network.sample_offset(rec); }),
            "population 'rec': inputs = none: no way leads from any input population here");
  EXPECT_NE(testing::refusal([&] { (void)network.sample_offset({7}); }), "");
}

}  // namespace
}  // namespace eprop
