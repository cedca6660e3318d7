#include <gtest/gtest.h>

#include "distributed_test.hpp"
#include "results.hpp"
#include "sample_networks.hpp"

namespace eprop {
namespace {

using testing::Results;
using testing::SmallNetwork;
using testing::SmallOptions;

void expect_same_on_every_layout(comm::Communicator& comm, const Network& network, Step steps) {
  testing::expect_same_as_serial(comm, [&](comm::Communicator& ranks, int threads) {
    Simulation simulation(network, ranks, threads);
    testing::record_everything(simulation, network);
    simulation.run(steps);
    return testing::collect_everything(simulation, network);
  });
}

}  // namespace

DISTRIBUTED_TEST(SmallNetworks, RunOnMoreRanksThanTheyHaveNeurons, RANKS(1, 2, 3, 4)) {
  for (const std::uint32_t neurons : {1U, 2U, 3U}) {
    const SmallNetwork small({.inputs = 4, .neurons = neurons, .readouts = 1});
    expect_same_on_every_layout(comm, small.network, 70);
  }
}

DISTRIBUTED_TEST(SmallNetworks, RunWithMoreReadoutsThanNeurons, RANKS(1, 2, 3, 4)) {
  const SmallNetwork small({.inputs = 1, .neurons = 2, .readouts = 9});
  expect_same_on_every_layout(comm, small.network, 70);
}

DISTRIBUTED_TEST(SmallNetworks, RunWhereARankHasNoSynapses, RANKS(1, 2, 3, 4)) {
  // Only the last of eight neurons is connected.
  Network network({.dt = 1.0, .update_interval = 20.0, .learning_window = 20.0});
  const auto in = network.add("in", SpikeTrains{testing::rhythms(2, 0.0, 60.0)});
  const auto rec = network.add("rec", 8, EpropIafBsshslm2020{});
  const auto out = network.add("out", 1, EpropReadoutBsshslm2020{});
  EpropSynapseBsshslm2020 synapse;
  synapse.weight = 9.0;
  network.connect(in, rec, ExplicitList{{0, 1}, {7, 7}}, synapse);
  network.connect(rec, out, ExplicitList{{7}, {0}}, synapse);
  network.connect_learning_signal(out, rec, ExplicitList{{0}, {7}}, 1.0);
  expect_same_on_every_layout(comm, network, 60);
}

DISTRIBUTED_TEST(SmallNetworks, RunWithoutReadouts, RANKS(1, 2, 3)) {
  Network network({.update_interval = 20.0, .learning_window = 20.0});
  const auto in = network.add("in", SpikeTrains{testing::rhythms(5, 0.0, 60.0)});
  EpropIafBsshslm2020 model;
  model.c_reg = 100.0;
  const auto rec = network.add("rec", 6, model);
  EpropSynapseBsshslm2020 synapse;
  synapse.weight = 5.0;
  const auto p = network.connect(in, rec, AllToAll{}, synapse);
  expect_same_on_every_layout(comm, network, 60);
  Simulation simulation(network, comm, testing::threads_per_rank());
  simulation.run(60);
  EXPECT_NE(testing::weights_of(simulation, p)[0], 5.0) << "the firing rate should be regularized";
}

DISTRIBUTED_TEST(SmallNetworks, RunWithoutInput, RANKS(1, 2, 3)) {
  Network network({.update_interval = 20.0, .learning_window = 20.0});
  EpropIafBsshslm2020 model;
  model.I_e = Uniform{300.0, 600.0};
  const auto rec = network.add("rec", 6, model);
  const auto out = network.add("out", 2, EpropReadoutBsshslm2020{});
  network.connect(rec, out, AllToAll{}, EpropSynapseBsshslm2020{});
  network.connect_learning_signal(out, rec, AllToAll{}, 1.0);
  expect_same_on_every_layout(comm, network, 60);
}

DISTRIBUTED_TEST(SmallNetworks, OfNeuronsThatDoNotLearnExchangeAtTheirShortestDelay,
                 RANKS(1, 2, 3, 4)) {
  Network network({.dt = 0.1, .seed = 2});
  const auto noise = network.add("noise", 20, PoissonSource{.rate = 200.0});
  const auto a = network.add("a", 11, IafPscDelta{});
  const auto b = network.add("b", 7, IafPscDelta{});
  network.connect(noise, a, AllToAll{}, StaticSynapse{1.5, 1.2});
  network.connect(a, b, AllToAll{}, StaticSynapse{2.0, 0.7});
  network.connect(b, a, FixedIndegree{.indegree = 3}, StaticSynapse{Uniform{-1.0, 2.0}, 2.9});
  expect_same_on_every_layout(comm, network, 500);
}

DISTRIBUTED_TEST(SmallNetworks, MayHaveEmptyPopulations, RANKS(1, 2)) {
  Network network({.update_interval = 20.0, .learning_window = 20.0});
  const auto in = network.add("in", SpikeTrains{});
  const auto none = network.add("none", 0, EpropIafBsshslm2020{});
  const auto rec = network.add("rec", 3, EpropIafBsshslm2020{});
  const auto out = network.add("out", 0, EpropReadoutBsshslm2020{});
  network.connect(in, rec, AllToAll{}, EpropSynapseBsshslm2020{});
  network.connect(none, rec, AllToAll{}, EpropSynapseBsshslm2020{});
  network.connect(rec, rec, AllToAll{}, EpropSynapseBsshslm2020{});  // so that ranks exchange
  const auto p = network.connect(rec, out, AllToAll{}, EpropSynapseBsshslm2020{});
  network.connect_learning_signal(out, rec, AllToAll{}, 1.0);
  Simulation simulation(network, comm, testing::threads_per_rank());
  simulation.run(60);
  EXPECT_EQ(simulation.step(), 60);
  EXPECT_EQ(simulation.synapse_count(p), 0U);
  EXPECT_TRUE(simulation.weights(p).weight.empty());
}

DISTRIBUTED_TEST(SmallNetworks, MayHaveNothingAtAll, RANKS(1, 2)) {
  Simulation simulation(Network{}, comm, testing::threads_per_rank());
  simulation.run(10);
  EXPECT_EQ(simulation.step(), 10);
}

}  // namespace eprop
