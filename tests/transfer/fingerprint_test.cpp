#include "transfer/fingerprint.hpp"

#include <gtest/gtest.h>

#include "../engine/sample_networks.hpp"
#include "eprop/comm/launch.hpp"
#include "state/build.hpp"

namespace eprop {
namespace {

std::vector<std::string> fingerprint(const Network& network, int threads = 1) {
  std::vector<std::string> lines;
  comm::run_as_threads(1, [&](comm::Communicator& comm) {
    lines = transfer::describe(*state::build(network, {1, threads, 0}), comm);
  });
  return lines;
}

/// Number of lines in which two networks of equally many differ.
std::size_t differences(const Network& a, const Network& b) {
  const auto lines = fingerprint(a), others = fingerprint(b);
  EXPECT_EQ(lines.size(), others.size());
  std::size_t n = 0;
  for (std::size_t i = 0; i < std::min(lines.size(), others.size()); ++i) {
    n += lines[i] != others[i] ? 1U : 0U;
  }
  return n;
}

struct Options {
  std::uint64_t seed = 1;
  double V_th = -55.0, weight = 1.0, signal_weight = 1.0;
  std::uint32_t indegree = 3;
};

Network network_of(const Options& options) {
  Network network({.seed = options.seed});
  EpropIaf neuron;
  neuron.V_th = options.V_th;
  const auto rec = network.add("rec", 20, neuron);
  const auto out = network.add("out", 2, EpropReadout{});
  network.connect(rec, rec, FixedIndegree{options.indegree},
                  EpropSynapse{.weight = options.weight});
  network.connect(rec, out, AllToAll{}, EpropSynapse{});
  network.connect_learning_signal(out, rec, AllToAll{}, options.signal_weight);
  return network;
}

}  // namespace

TEST(Fingerprint, IsTheSameOnEveryNumberOfThreads) {
  const auto network = testing::rich_network();
  EXPECT_EQ(fingerprint(network, 1), fingerprint(network, 3));
}

TEST(Fingerprint, ShowsEveryDifferenceInALineOfItsOwn) {
  EXPECT_EQ(differences(network_of({}), network_of({})), 0U);
  EXPECT_EQ(differences(network_of({}), network_of({.V_th = -54.0})), 1U);
  EXPECT_EQ(differences(network_of({}), network_of({.signal_weight = 2.0})), 1U);
  EXPECT_EQ(differences(network_of({}), network_of({.indegree = 4})), 1U);
}

TEST(Fingerprint, OfAnotherSeedHasOtherSynapses) {
  EXPECT_EQ(differences(network_of({}), network_of({.seed = 2})), 2U);  // the seed's line, too
}

TEST(Fingerprint, LeavesOutWhatACheckpointBrings) {
  EXPECT_EQ(differences(network_of({}), network_of({.weight = 2.0})), 0U);
}

}  // namespace eprop
