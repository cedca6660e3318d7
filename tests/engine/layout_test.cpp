#include <gtest/gtest.h>

#include "distributed_test.hpp"
#include "eprop/comm/launch.hpp"
#include "results.hpp"
#include "sample_networks.hpp"
#include "scalar_network.hpp"

namespace eprop {
namespace {

using testing::Results;
using testing::run_steps;

}  // namespace

DISTRIBUTED_TEST(Layout, DoesNotShowInARichNetwork, RANKS(1, 2, 3, 4)) {
  const Network network = testing::rich_network();
  testing::expect_same_as_serial(comm, run_steps(network, 250));
}

DISTRIBUTED_TEST(Layout, DoesNotShowInANetworkOfManyTiles, RANKS(1, 2, 3, 4)) {
  const Network network = testing::wide_network();
  testing::expect_same_as_serial(comm, run_steps(network, 36));
}

DISTRIBUTED_TEST(Layout, DoesNotShowWithAnyOptimizer, RANKS(1, 2, 4)) {
  for (const auto& optimizer : testing::every_optimizer({.batch_size = 2, .eta = 0.01})) {
    SCOPED_TRACE(network::name(optimizer));
    const testing::SmallNetwork by_interval({.optimizer = optimizer});
    testing::expect_same_as_serial(comm, run_steps(by_interval.network, 130));
    for (const bool each_step : {false, true}) {
      const testing::DescribedNetwork plus(
          {.model = "eprop_iaf", .optimizer = optimizer, .each_step = each_step});
      testing::expect_same_as_serial(comm, run_steps(plus.network, 400));
    }
  }
}

DISTRIBUTED_TEST(Layout, DoesNotShowInOddNumbersOfThreads, RANKS(1)) {
  if (testing::threads_per_rank() == 1) return;
  const Network network = testing::rich_network();
  const auto run = run_steps(network, 130);
  const Results expected = run(comm, 1);
  for (const int threads : {2, 3, 7}) testing::expect_identical(run(comm, threads), expected);
}

DISTRIBUTED_TEST(Layout, DoesNotShowWhoeverDoesTheWorkOfThreads, RANKS(1, 2, 4)) {
  const Network by_interval = testing::rich_network();
  const testing::DescribedNetwork plus({.model = "eprop_iaf"});
  for (const Network* network : {&by_interval, &plus.network}) {
    for (const auto use : {ThreadUse::all, ThreadUse::one, ThreadUse::drawn, ThreadUse::measured}) {
      SCOPED_TRACE(static_cast<int>(use));
      testing::expect_same_as_serial(comm, [&](comm::Communicator& ranks, int threads) {
        Simulation simulation(*network, ranks, {.threads = threads, .thread_use = use});
        return testing::run_steps(simulation, *network, 250);
      });
    }
  }
}

DISTRIBUTED_TEST(Layout, DoesNotShowWhereRanksUseThreadsDifferently, RANKS(2, 3)) {
  const Network network = testing::rich_network();
  testing::expect_same_as_serial(comm, [&](comm::Communicator& ranks, int threads) {
    const auto use = ranks.rank() % 2 == 0 ? ThreadUse::all : ThreadUse::one;
    Simulation simulation(network, ranks, {.threads = threads, .thread_use = use});
    return testing::run_steps(simulation, network, 250);
  });
}

DISTRIBUTED_TEST(Layout, TellsHowManyStepsOneThreadHasDone, RANKS(1, 2)) {
  const Network network = testing::rich_network();
  const auto steps_of_one_thread = [&](ThreadUse use, int threads) {
    Simulation simulation(network, comm, {.threads = threads, .thread_use = use});
    simulation.run(100);
    EXPECT_EQ(simulation.statistics().steps, 100);
    return simulation.statistics().steps_of_one_thread;
  };
  EXPECT_EQ(steps_of_one_thread(ThreadUse::all, 1), 100);
  if (testing::threads_per_rank() == 1) return;
  EXPECT_EQ(steps_of_one_thread(ThreadUse::all, 2), 0);
  EXPECT_EQ(steps_of_one_thread(ThreadUse::one, 2), 100);
  const auto drawn = steps_of_one_thread(ThreadUse::drawn, 2);
  EXPECT_GT(drawn, 20);
  EXPECT_LT(drawn, 80);
}

// What the tests above compare must be worth comparing.
DISTRIBUTED_TEST(Layout, SamplesSpikeAndLearn, RANKS(1)) {
  for (const Network& network : {testing::rich_network(), testing::wide_network()}) {
    const Results before = run_steps(network, 0)(comm, 1);
    const Results after = run_steps(network, 200)(comm, 1);
    for (const auto& [name, values] : after.on_root) {
      EXPECT_TRUE(!name.starts_with("spikes of ") || values.size() > 100) << name;
    }
    for (std::size_t p = 0; p < network.projections().size(); ++p) {
      const auto& spec = network.projections()[p];
      const bool plastic = !std::holds_alternative<StaticSynapse>(spec.synapse);
      const std::string name = "weights of " + spec.name;
      EXPECT_FALSE(after.everywhere.at(name).empty()) << name;
      EXPECT_EQ(after.everywhere.at(name) != before.everywhere.at(name), plastic) << name;
    }
  }
}

}  // namespace eprop
