#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <set>
#include <string>

#include "distributed_test.hpp"
#include "refusal.hpp"
#include "results.hpp"
#include "sample_networks.hpp"

namespace eprop {
namespace {

using testing::Results;
using testing::SmallNetwork;

Results run_in_pieces(comm::Communicator& comm, const Network& network,
                      const std::vector<Step>& pieces) {
  Simulation simulation(network, comm, testing::threads_per_rank());
  testing::record_everything(simulation, network);
  for (const Step steps : pieces) simulation.run(steps);
  return testing::collect_everything(simulation, network);
}

}  // namespace

DISTRIBUTED_TEST(Running, InPiecesIsTheSameAsAtOnce, RANKS(1, 2, 3)) {
  const Network network = testing::rich_network();
  const Results at_once = run_in_pieces(comm, network, {130});
  testing::expect_identical(
      run_in_pieces(comm, network, {1, 2, 57, 1, 1, 1, 1, 1, 1, 0, 53, 1, 1, 9}), at_once);
}

DISTRIBUTED_TEST(Running, EndsBeforeStepsCannotBeCounted, RANKS(1, 2)) {
  Simulation simulation(SmallNetwork().network, comm, 1);
  simulation.run(1);
  const auto refusal = [&](Step steps) { return testing::refusal([&] { simulation.run(steps); }); };
  EXPECT_EQ(refusal(std::numeric_limits<Step>::max()),
            "simulation: steps = 9223372036854775807: must not lead beyond step 1000000000000000");
  EXPECT_EQ(refusal(-1), "simulation: steps = -1: must be >= 0");
  EXPECT_EQ(simulation.step(), 1);
}

DISTRIBUTED_TEST(Running, KnowsWhoHasSpiked, RANKS(1, 2, 3)) {
  Network network;
  const auto in = network.add("in", SpikeTrains{{{3.0}}});
  const auto once = network.add("once", 3, IafPscDelta{});
  const auto never = network.add("never", 3, IafPscDelta{});
  const ExplicitList to_the_last{{0}, {2}};
  network.connect(in, once, to_the_last, StaticSynapse{1e3, 1.0});
  network.connect(in, never, to_the_last, StaticSynapse{1e-3, 1.0});
  Simulation simulation(network, comm, testing::threads_per_rank());
  simulation.run(3);
  EXPECT_FALSE(simulation.has_spiked(once));
  simulation.run(20);
  EXPECT_TRUE(simulation.has_spiked(once));
  EXPECT_FALSE(simulation.has_spiked(never));
  EXPECT_EQ(testing::refusal([&] { (void)simulation.has_spiked(in); }),
            "simulation: population = in: must be of neurons that spike");
}

DISTRIBUTED_TEST(Running, MayPauseBetweenExchanges, RANKS(1, 2, 3)) {
  Network network({.seed = 2});
  const auto noise = network.add("noise", 20, PoissonSource{.rate = 100.0});
  const auto a = network.add("a", 7, IafPscDelta{});
  network.connect(noise, a, AllToAll{}, StaticSynapse{2.0, 7.0});
  network.connect(a, a, AllToAll{}, StaticSynapse{1.0, 8.0});
  testing::expect_identical(run_in_pieces(comm, network, {3, 1, 6, 30, 5, 15}),
                            run_in_pieces(comm, network, {60}));
}

DISTRIBUTED_TEST(Running, IsNotDisturbedByQuestions, RANKS(1, 2)) {
  const SmallNetwork small;
  const Results undisturbed = run_in_pieces(comm, small.network, {70});
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  testing::record_everything(simulation, small.network);
  Results all;
  for (Step t = 0; t < 70; ++t) {
    simulation.run(1);
    (void)simulation.weights(small.in_rec);
    (void)simulation.synapse_count(small.in_rec);
    (void)simulation.state(small.rec, "learning_signal");
    const Results since = testing::collect_everything(simulation, small.network);
    for (const auto& [name, values] : since.on_root) {
      all.on_root[name].insert(all.on_root[name].end(), values.begin(), values.end());
    }
    all.everywhere = since.everywhere;
  }
  testing::expect_identical(all, undisturbed);
}

DISTRIBUTED_TEST(Running, NoStepsChangesNothing, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  testing::record_everything(simulation, small.network);
  const auto before = testing::collect_everything(simulation, small.network);
  simulation.run(0);
  EXPECT_EQ(simulation.step(), 0);
  testing::expect_identical(testing::collect_everything(simulation, small.network), before);
  for (const auto& [name, values] : before.on_root) EXPECT_TRUE(values.empty()) << name;
}

DISTRIBUTED_TEST(Running, CountsItsSteps, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, 1);
  EXPECT_EQ(simulation.step(), 0);
  simulation.run(7);
  EXPECT_EQ(simulation.step(), 7);
  simulation.run(20);
  EXPECT_EQ(simulation.step(), 27);
}

DISTRIBUTED_TEST(Running, TakesMillisecondsToo, RANKS(1, 2)) {
  Network network({.dt = 0.5});
  network.add("in", 2, PoissonSource{});
  Simulation simulation(network, comm, testing::threads_per_rank());
  simulation.run_for(3.5);
  EXPECT_EQ(simulation.step(), 7);
  EXPECT_EQ(testing::refusal([&] { simulation.run_for(0.7); }),
            "simulation: time = 0.7 ms: must be a multiple of dt = 0.5 ms");
  EXPECT_EQ(testing::refusal([&] { simulation.run_for(-1.0); }),
            "simulation: time = -1 ms: must be >= 0");
  EXPECT_EQ(simulation.step(), 7);
}

DISTRIBUTED_TEST(Running, BackwardsIsRefused, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, 1);
  EXPECT_EQ(testing::refusal([&] { simulation.run(-1); }), "simulation: steps = -1: must be >= 0");
  simulation.run(3);
  EXPECT_EQ(simulation.step(), 3);
}

DISTRIBUTED_TEST(Running, SeveralSimulationsKeepApart, RANKS(1, 2)) {
  const SmallNetwork small;
  const Results expected = run_in_pieces(comm, small.network, {60});
  Simulation a(small.network, comm, testing::threads_per_rank());
  testing::record_everything(a, small.network);
  Simulation b(small.network, comm, testing::threads_per_rank());
  for (Step t = 0; t < 60; t += 12) {
    a.run(12);
    b.run(5);
  }
  testing::expect_identical(testing::collect_everything(a, small.network), expected);
}

DISTRIBUTED_TEST(Running, GoesOnAfterAMove, RANKS(1, 2)) {
  const SmallNetwork small;
  const Results expected = run_in_pieces(comm, small.network, {60});
  Simulation first(small.network, comm, testing::threads_per_rank());
  testing::record_everything(first, small.network);
  first.run(30);
  Simulation second(std::move(first));
  second.run(30);
  testing::expect_identical(testing::collect_everything(second, small.network), expected);
}

DISTRIBUTED_TEST(Running, DoesNotNeedTheDescriptionAnyMore, RANKS(1, 2)) {
  auto small = std::make_unique<SmallNetwork>();
  const Network copy = small->network;
  const Results expected = run_in_pieces(comm, copy, {60});
  Simulation simulation(small->network, comm, testing::threads_per_rank());
  small.reset();
  testing::record_everything(simulation, copy);
  simulation.run(60);
  testing::expect_identical(testing::collect_everything(simulation, copy), expected);
}

DISTRIBUTED_TEST(Running, TellsWhereItsTimeWent, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  testing::record_everything(simulation, small.network);
  const auto start = std::chrono::steady_clock::now();
  for (int piece = 0; piece < 4; ++piece) simulation.run(500);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  double total = 0.0;
  std::set<std::string> phases;
  for (const auto& [phase, seconds] : simulation.phase_seconds()) {
    phases.insert(phase);
    EXPECT_GT(seconds, 0.0) << phase;
    EXPECT_LT(seconds, elapsed.count()) << phase;
    total += seconds;
  }
  EXPECT_EQ(phases, (std::set<std::string>{"update synapses", "deliver spikes", "advance neurons",
                                           "record", "wait", "collect", "exchange", "generators"}));
  EXPECT_LE(total, elapsed.count());
  EXPECT_GT(total, 0.5 * elapsed.count());
}

}  // namespace eprop
