#include "state/connection_sums.hpp"

#include <gtest/gtest.h>

#include "../engine/results.hpp"
#include "distributed_test.hpp"
#include "eprop/comm/launch.hpp"
#include "state/build.hpp"

namespace eprop::state {
namespace {

/// A sum as one value that can be compared.
using Sum = std::pair<std::uint64_t, std::uint64_t>;

std::vector<Sum> pairs(const std::vector<ConnectionSum>& sums) {
  std::vector<Sum> all;
  for (const auto& sum : sums) all.emplace_back(sum.count, sum.checksum);
  return all;
}

struct Sums {
  std::vector<Sum> synapses, signals;

  Sums(const Network& network, comm::Communicator& comm, int threads) {
    const auto rank = build(network, {comm.size(), threads, comm.rank()});
    synapses = pairs(synapse_sums(*rank, comm));
    signals = pairs(signal_sums(*rank, comm));
  }
  explicit Sums(const Network& network) : Sums(network, *comm::make_serial(), 1) {}
};

struct Options {
  ConnectionRule rule = PairwiseBernoulli{.p = 0.3};
  Value weight = 1.0, signal_weight = 1.0;
  ConnectionRule signal_rule = AllToAll{};
};

Network network_of(const Options& options) {
  Network network;
  const auto in = network.add("in", 11, PoissonSource{});
  const auto rec = network.add("rec", 13, EpropIaf{});
  const auto out = network.add("out", 3, EpropReadout{});
  network.connect(in, rec, options.rule, EpropSynapse{.weight = options.weight});
  network.connect(rec, rec, AllToAll{.autapses = false}, StaticSynapse{});
  network.connect_learning_signal(out, rec, options.signal_rule, options.signal_weight);
  return network;
}

ConnectionRule pair(std::uint32_t source, std::uint32_t target) {
  return ExplicitList{{source}, {target}};
}

}  // namespace

DISTRIBUTED_TEST(ConnectionSums, AreTheSameOnEveryLayout, RANKS(1, 2, 3, 4)) {
  const auto network = network_of({.signal_weight = Uniform{0.5, 1.0}});
  const Sums sums(network, comm, testing::threads_per_rank()), serial(network);
  EXPECT_EQ(sums.synapses, serial.synapses);
  EXPECT_EQ(sums.signals, serial.signals);
  ASSERT_EQ(sums.synapses.size(), 2U);
  EXPECT_EQ(sums.synapses[1].first, 13U * 12U);
  ASSERT_EQ(sums.signals.size(), 1U);
  EXPECT_EQ(sums.signals[0].first, 13U * 3U);
}

DISTRIBUTED_TEST(ConnectionSums, OfSynapsesTellSourcesAndTargetsApartButNotWeights, RANKS(1)) {
  const auto sum = [](const Options& options) { return Sums(network_of(options)).synapses[0]; };
  const auto of_2_5 = sum({.rule = pair(2, 5)});
  EXPECT_EQ(of_2_5.first, 1U);
  EXPECT_NE(of_2_5, sum({.rule = pair(5, 2)}));
  EXPECT_NE(of_2_5, sum({.rule = pair(2, 6)}));
  EXPECT_NE(of_2_5, sum({.rule = pair(3, 5)}));
  EXPECT_EQ(of_2_5, sum({.rule = pair(2, 5), .weight = 7.0}));
  // The same pairs in whatever order, each as often as it is there.
  const auto both = sum({.rule = ExplicitList{{2, 3}, {5, 1}}});
  EXPECT_EQ(both, sum({.rule = ExplicitList{{3, 2}, {1, 5}}}));
  EXPECT_NE(both, sum({.rule = ExplicitList{{3, 2, 2}, {1, 5, 5}}}));
}

DISTRIBUTED_TEST(ConnectionSums, OfSignalsTellWeightsApartAndLeaveOutZeros, RANKS(1)) {
  const auto sum = [](const Options& options) { return Sums(network_of(options)).signals[0]; };
  const auto of_1_5 = sum({.signal_rule = pair(1, 5)});
  EXPECT_EQ(of_1_5.first, 1U);
  EXPECT_NE(of_1_5, sum({.signal_rule = pair(2, 5)}));
  EXPECT_NE(of_1_5, sum({.signal_rule = pair(1, 6)}));
  EXPECT_NE(of_1_5, sum({.signal_weight = 1.5, .signal_rule = pair(1, 5)}));
  EXPECT_EQ(sum({.signal_weight = 0.0}), Sum(0, 0));
}

DISTRIBUTED_TEST(ConnectionSums, AreThoseOfEachSignal, RANKS(1, 2, 3)) {
  Network network;
  const auto a = network.add("a", 7, EpropIaf{}), b = network.add("b", 5, EpropIaf{});
  const auto one = network.add("one", 1, EpropReadout{}),
             two = network.add("two", 2, EpropReadout{});
  network.connect_learning_signal(one, a, AllToAll{}, 1.0);
  network.connect_learning_signal(two, b, AllToAll{}, 1.0);
  network.connect_learning_signal(two, a, AllToAll{}, 1.0);
  const Sums sums(network, comm, testing::threads_per_rank());
  ASSERT_EQ(sums.signals.size(), 3U);
  EXPECT_EQ(sums.signals[0].first, 7U);
  EXPECT_EQ(sums.signals[1].first, 10U);
  EXPECT_EQ(sums.signals[2].first, 14U);
}

DISTRIBUTED_TEST(ConnectionSums, OfNoConnectionsAreNone, RANKS(1, 2)) {
  Network network;
  network.add("rec", 3, EpropIaf{});
  const Sums sums(network, comm, 1);
  EXPECT_TRUE(sums.synapses.empty());
  EXPECT_TRUE(sums.signals.empty());
}

DISTRIBUTED_TEST(ConnectionSums, HaveWordsForCheckpoints, RANKS(1)) {
  EXPECT_EQ(words({3, 0xAB}), "3 synapses with checksum 00000000000000ab");
  EXPECT_EQ(words({}), "0 synapses with checksum 0000000000000000");
}

}  // namespace eprop::state
