#include <gtest/gtest.h>

#include <set>

#include "distributed_test.hpp"
#include "eprop/comm/collectives.hpp"
#include "eprop/comm/launch.hpp"
#include "refusal.hpp"
#include "results.hpp"
#include "sample_networks.hpp"

namespace eprop {
namespace {

using testing::refusal;

/// A projection of drawn weights of which some break their bounds.
Network with_bad_draws() {
  Network network({.update_interval = 20.0, .learning_window = 20.0});
  const auto in = network.add("in", 10, PoissonSource{});
  const auto rec = network.add("rec", 40, EpropIafBsshslm2020{});
  EpropSynapseBsshslm2020 synapse;
  synapse.weight = Normal{0.0, 1.0};
  synapse.optimizer = GradientDescent{.Wmin = -2.5, .Wmax = 100.0};
  network.connect(in, rec, AllToAll{}, synapse);
  return network;
}

std::string build(const Network& network, comm::Communicator& comm, int threads) {
  return refusal([&] { const Simulation simulation(network, comm, threads); });
}

}  // namespace

DISTRIBUTED_TEST(Construction, RefusesDrawnWeightsOutsideTheirBoundsOnAllRanks, RANKS(1, 2, 3, 4)) {
  const Network network = with_bad_draws();
  const std::string message = build(network, comm, testing::threads_per_rank());
  EXPECT_TRUE(message.starts_with("projection 'in_rec', synapse ")) << message;
  EXPECT_TRUE(message.ends_with(" pA: must be within [Wmin, Wmax] = [-2.5, 100] pA")) << message;
  std::vector<char> on_rank_0(message.begin(), message.end());
  comm::broadcast(comm, on_rank_0, 0);
  EXPECT_EQ(message, std::string(on_rank_0.begin(), on_rank_0.end()));
  const std::string serial = build(network, *comm::make_serial(), 1);
  EXPECT_EQ(message, serial);
}

DISTRIBUTED_TEST(Construction, LeavesTheRanksReadyForAnotherOne, RANKS(1, 2, 3)) {
  EXPECT_NE(build(with_bad_draws(), comm, testing::threads_per_rank()), "");
  const testing::SmallNetwork small;
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  simulation.run(30);
  EXPECT_EQ(simulation.step(), 30);
}

DISTRIBUTED_TEST(Construction, RefusesTwoDelaysToTheSameReadouts, RANKS(1, 2)) {
  const auto with = [&](double second_delay, bool learns) {
    Network network;
    const auto rec = network.add("rec", 4, EpropIaf{});
    const auto out = network.add("out", 2, EpropReadout{});
    network.connect(rec, out, AllToAll{}, EpropSynapse{.delay = 2.0});
    network.connect(rec, out, AllToAll{}, StaticSynapse{.delay = second_delay}, "second");
    if (learns) network.connect_learning_signal(out, rec, AllToAll{}, 1.0);
    return build(network, comm, 1);
  };
  EXPECT_EQ(with(3.0, true),
            "projection 'second': delay = 3 ms: must be that of projection 'rec_out', 2 ms: "
            "learning signals of its targets pair with one delay");
  EXPECT_EQ(with(2.0, true), "");
  EXPECT_EQ(with(3.0, false), "");
}

DISTRIBUTED_TEST(Construction, NeedsAThread, RANKS(1, 2)) {
  EXPECT_EQ(build(Network{}, comm, 0), "simulation: threads = 0: must be >= 1 and at most 1024");
  EXPECT_EQ(build(Network{}, comm, 1025),
            "simulation: threads = 1025: must be >= 1 and at most 1024");
}

DISTRIBUTED_TEST(Construction, NeedsTheSameNumberOfThreadsOnAllRanks, RANKS(2, 3)) {
  const auto message = build(Network{}, comm, comm.rank() == 1 ? 2 : 1);
  EXPECT_TRUE(message.starts_with("simulation: threads = ")) << message;
  EXPECT_TRUE(message.ends_with(": must be the same on all ranks")) << message;
}

DISTRIBUTED_TEST(Construction, MakesTheSynapsesOfEveryRuleOnce, RANKS(1, 2, 3, 4)) {
  Network network;
  const auto a = network.add("a", 9, IafPscDelta{});
  const auto b = network.add("b", 13, IafPscDelta{});
  const StaticSynapse synapse;
  const auto all = network.connect(a, b, AllToAll{}, synapse, "all");
  const auto one = network.connect(a, a, OneToOne{}, synapse, "one");
  const auto in = network.connect(a, b, FixedIndegree{.indegree = 4}, synapse, "in");
  const auto out = network.connect(a, b, FixedOutdegree{.outdegree = 5}, synapse, "out");
  const auto p =
      network.connect(b, b, PairwiseBernoulli{.p = 0.4, .autapses = false}, synapse, "p");
  Simulation simulation(network, comm, testing::threads_per_rank());
  EXPECT_EQ(simulation.synapse_count(all), 9U * 13U);
  EXPECT_EQ(simulation.synapse_count(one), 9U);
  EXPECT_EQ(simulation.synapse_count(in), 4U * 13U);
  EXPECT_EQ(simulation.synapse_count(out), 5U * 9U);
  const auto table = simulation.weights(p);
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::size_t s = 0; s < table.source.size(); ++s) {
    EXPECT_NE(table.source[s], table.target[s]);
    pairs.emplace(table.target[s], table.source[s]);
  }
  EXPECT_EQ(pairs.size(), table.source.size());
  EXPECT_EQ(simulation.synapse_count(p), table.source.size());
}

DISTRIBUTED_TEST(Construction, RanksExchangeOncePerSmallestDelay, RANKS(1, 2)) {
  const auto interval_with = [&](double spikes, double signals) {
    Network network({.dt = 0.5});
    const auto rec = network.add("rec", 4, EpropIaf{});
    const auto out = network.add("out", 2, EpropReadout{});
    network.connect(rec, rec, AllToAll{}, EpropSynapse{.delay = spikes});
    network.connect(rec, out, AllToAll{}, EpropSynapse{.delay = 3.0});
    network.connect_learning_signal(out, rec, AllToAll{}, 1.0, signals);
    return Simulation(network, comm, testing::threads_per_rank()).exchange_interval();
  };
  EXPECT_EQ(interval_with(5.0, 4.0), 6);
  EXPECT_EQ(interval_with(1.5, 4.0), 3);
  EXPECT_EQ(interval_with(5.0, 2.0), 4);
}

TEST(Construction, RanksOfASoftmaxExchangeInEveryStep) {
  const auto comm = comm::make_serial();
  Network network;
  const auto rec = network.add("rec", 4, IafPscDelta{});
  EpropReadoutBsshslm2020 readout;
  network.connect(rec, rec, AllToAll{}, StaticSynapse{.delay = 3.0});
  EXPECT_EQ(Simulation(network, *comm).exchange_interval(), 3);
  readout.loss = Loss::cross_entropy;
  network.add("out", 2, readout);
  EXPECT_EQ(Simulation(network, *comm).exchange_interval(), 1);
}

}  // namespace eprop
