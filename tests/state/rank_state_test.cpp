#include "state/rank_state.hpp"

#include <gtest/gtest.h>

#include "state/build.hpp"

namespace eprop::state {
namespace {

Network network() {
  Network network;
  const auto in = network.add("in", SpikeTrains{{{1.0}, {}}});
  const auto rec = network.add("rec", 3, EpropIaf{});
  const auto out = network.add("out", 2, EpropReadout{});
  network.connect(in, rec, AllToAll{}, StaticSynapse{});
  network.connect(
      rec, out, AllToAll{},
      EpropSynapse{
          .delay = 3.0, .optimize_each_step = false, .optimizer = GradientDescent{.eta = 0.5}});
  return network;
}

TEST(RankState, FindsTheSpikesOfInputsAndOfNeurons) {
  const auto rank = build(network(), {});
  EXPECT_EQ(&rank->spikes(0), &std::get<InputState>(rank->populations[0]));
  EXPECT_EQ(&rank->spikes(1), &std::get<NeuronState>(rank->populations[1]));
  const RankState& same = *rank;
  EXPECT_EQ(&same.spikes(0), &rank->spikes(0));
  EXPECT_EQ(&same.spikes(1), &rank->spikes(1));
}

TEST(RankState, FindsReadouts) {
  const auto rank = build(network(), {});
  const RankState& same = *rank;
  EXPECT_EQ(&rank->readouts(2), &std::get<ReadoutState>(rank->populations[2]));
  EXPECT_EQ(&same.readouts(2), &rank->readouts(2));
  EXPECT_THROW((void)rank->readouts(1), std::bad_variant_access);
}

TEST(RankState, OptimizesTransmissionsAtTheRateInForce) {
  const auto rank = build(network(), {});
  EXPECT_EQ(rank->transmission_optimizer(1).eta, 0.5);
  rank->learning_rates[1].now = 0.125;
  const auto optimizer = rank->transmission_optimizer(1);
  EXPECT_EQ(optimizer.eta, 0.125);
  EXPECT_EQ(optimizer.delay, 3);
  EXPECT_FALSE(optimizer.each_step);
}

}  // namespace
}  // namespace eprop::state
