#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "distributed_test.hpp"
#include "refusal.hpp"
#include "results.hpp"
#include "sample_networks.hpp"
#include "sequences.hpp"

namespace eprop {
namespace {

using testing::ramp;
using testing::refusal;
using testing::small_interval;
using testing::SmallNetwork;
using testing::weights_of;

/// Neurons of rhythms() that spike in a step.
std::set<std::uint32_t> spiking(std::uint32_t neurons, Step t) {
  std::set<std::uint32_t> sources;
  const auto times = testing::rhythms(neurons, 0.0, 200.0);
  for (std::uint32_t i = 0; i < neurons; ++i) {
    for (const double time : times[i]) {
      if (time == static_cast<double>(t)) sources.insert(i);
    }
  }
  return sources;
}

}  // namespace

DISTRIBUTED_TEST(Weights, AreOrderedByTargetThenSource, RANKS(1, 2, 3, 4)) {
  Network network;
  const auto a = network.add("a", 5, IafPscDelta{});
  const auto b = network.add("b", 6, IafPscDelta{});
  const ExplicitList list{{4, 0, 2, 2, 1, 4}, {5, 3, 0, 3, 3, 0}};
  const auto p = network.connect(a, b, list, StaticSynapse{Value::Array{1, 2, 3, 4, 5, 6}, 1.0});
  Simulation simulation(network, comm, testing::threads_per_rank());
  const auto table = simulation.weights(p);
  EXPECT_EQ(table.target, (std::vector<std::uint32_t>{0, 0, 3, 3, 3, 5}));
  EXPECT_EQ(table.source, (std::vector<std::uint32_t>{2, 4, 0, 1, 2, 4}));
  EXPECT_EQ(table.weight, (std::vector<double>{3, 6, 2, 5, 4, 1}));
  EXPECT_EQ(simulation.synapse_count(p), 6U);
}

DISTRIBUTED_TEST(Weights, OfRepeatedPairsComeInTheOrderOfTheirRule, RANKS(1, 2, 3)) {
  Network network;
  const auto a = network.add("a", 3, IafPscDelta{});
  const auto p = network.connect(a, a, ExplicitList{{1, 0, 1, 1}, {2, 2, 2, 0}},
                                 StaticSynapse{Value::Array{7, 5, 3, 1}, 1.0});
  Simulation simulation(network, comm, testing::threads_per_rank());
  EXPECT_EQ(simulation.weights(p).weight, (std::vector<double>{1, 5, 7, 3}));
}

DISTRIBUTED_TEST(Weights, AreCountedAtTheirBounds, RANKS(1, 2, 3)) {
  const SmallNetwork small({.optimizer = GradientDescent{.eta = 0.0, .Wmin = -10.0, .Wmax = 12.0}});
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  auto weights = std::vector<double>(simulation.synapse_count(small.rec_rec), 0.5);
  simulation.set_weights(small.rec_rec, weights);
  EXPECT_EQ(simulation.synapses_at_bounds(small.rec_rec), 0U);
  weights.front() = 12.0;
  weights[1] = 11.9;
  weights.back() = -10.0;
  simulation.set_weights(small.rec_rec, weights);
  EXPECT_EQ(simulation.synapses_at_bounds(small.rec_rec), 2U);
}

DISTRIBUTED_TEST(Weights, StayUntilAnIntervalIsLearnt, RANKS(1, 2, 3)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  const auto in_rec = weights_of(simulation, small.in_rec);
  const auto rec_out = weights_of(simulation, small.rec_out);
  simulation.run(small_interval + 2);
  EXPECT_EQ(weights_of(simulation, small.in_rec), in_rec);
  EXPECT_EQ(weights_of(simulation, small.rec_out), rec_out);
  simulation.run(1);
  EXPECT_EQ(weights_of(simulation, small.rec_out), rec_out);
  simulation.run(1);
  EXPECT_NE(weights_of(simulation, small.in_rec), in_rec);
  EXPECT_NE(weights_of(simulation, small.rec_out), rec_out);
}

DISTRIBUTED_TEST(Weights, OfSynapsesThatTransmitFirstAreUpdatedOneStepEarlier, RANKS(1, 2, 3)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  const auto initial = simulation.weights(small.in_rec);
  simulation.run(small_interval + 3);
  const auto early = weights_of(simulation, small.in_rec);
  simulation.run(1);
  const auto late = weights_of(simulation, small.in_rec);
  const auto transmitting = spiking(6, small_interval + 2);
  ASSERT_FALSE(transmitting.empty());
  ASSERT_LT(transmitting.size(), 6U);
  bool early_ones_learnt = false, late_ones_learnt = false;
  for (std::size_t s = 0; s < initial.weight.size(); ++s) {
    if (transmitting.contains(initial.source[s])) {
      EXPECT_EQ(late[s], early[s]) << "updated twice";
      early_ones_learnt = early_ones_learnt || early[s] != initial.weight[s];
    } else {
      late_ones_learnt = late_ones_learnt || late[s] != initial.weight[s];
    }
  }
  EXPECT_TRUE(early_ones_learnt);
  EXPECT_TRUE(late_ones_learnt);
}

DISTRIBUTED_TEST(SetWeights, AreInForceAtOnce, RANKS(1, 2, 3, 4)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  for (const Step t : {Step{0}, Step{1}, small_interval, small_interval + 2, small_interval + 3,
                       small_interval + 4, small_interval + 5, 2 * small_interval + 3}) {
    simulation.run(t - simulation.step());
    auto wanted = ramp(42, -0.3, 0.01);
    wanted[0] += 0.001 * static_cast<double>(t);
    simulation.set_weights(small.in_rec, wanted);
    EXPECT_EQ(weights_of(simulation, small.in_rec), wanted) << "before step " << t;
  }
}

DISTRIBUTED_TEST(SetWeights, FromTheStartAreThoseOfTheDescription, RANKS(1, 2, 3)) {
  Network described({.update_interval = 20.0, .learning_window = 20.0}), set_later = described;
  for (Network* network : {&described, &set_later}) {
    const auto in = network->add("in", SpikeTrains{testing::rhythms(4, 0.0, 60.0)});
    const auto out = network->add("out", 3, EpropReadoutBsshslm2020{});
    EpropSynapseBsshslm2020 synapse;
    // [target][source], as SynapseTable
    if (network == &described) synapse.weight = ramp(12, -0.3, 0.01);
    network->connect(in, out, AllToAll{}, synapse);
  }
  const auto run = [&](const Network& network, bool set) {
    Simulation simulation(network, comm, testing::threads_per_rank());
    testing::record_everything(simulation, network);
    if (set) simulation.set_weights({0}, ramp(12, -0.3, 0.01));
    simulation.run(60);
    return testing::collect_everything(simulation, network);
  };
  testing::expect_identical(run(set_later, true), run(described, false));
}

DISTRIBUTED_TEST(SetWeights, ToWhatTheyAreChangesNothingAtAnyMoment, RANKS(1, 2)) {
  testing::SmallOptions options;
  options.optimizer = Adam{{.batch_size = 2, .eta = 0.01}};
  const SmallNetwork small(options);
  const auto run = [&](bool set) {
    Simulation simulation(small.network, comm, testing::threads_per_rank());
    testing::record_everything(simulation, small.network);
    for (Step t = 0; t < 3 * small_interval + 6; ++t) {
      for (const auto p : {small.in_rec, small.rec_rec, small.rec_out}) {
        if (set) simulation.set_weights(p, simulation.weights(p).weight);
      }
      simulation.run(1);
    }
    return testing::collect_everything(simulation, small.network);
  };
  testing::expect_identical(run(true), run(false));
}

DISTRIBUTED_TEST(SetWeights, DoNotShowTheLayout, RANKS(1, 2, 3, 4)) {
  const SmallNetwork small;
  for (const Step moment :
       {Step{0}, small_interval, small_interval + 2, small_interval + 3, small_interval + 4}) {
    testing::expect_same_as_serial(comm, [&](comm::Communicator& ranks, int threads) {
      Simulation simulation(small.network, ranks, threads);
      testing::record_everything(simulation, small.network);
      simulation.run(moment);
      auto weights = simulation.weights(small.rec_rec).weight;
      for (auto& w : weights) w = -0.5 * w + 0.1;
      simulation.set_weights(small.rec_rec, weights);
      simulation.run(3 * small_interval - moment);
      return testing::collect_everything(simulation, small.network);
    });
  }
}

DISTRIBUTED_TEST(SetWeights, ThatTheProjectionCannotHaveAreRefused, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  const auto before = weights_of(simulation, small.in_rec);
  const auto set = [&](std::vector<double> weights) {
    return refusal([&] { simulation.set_weights(small.in_rec, weights); });
  };
  EXPECT_EQ(set(ramp(41, -0.3, 0.01)),
            "projection 'in_rec': weights = 41 values: must be one for each of the 42 synapses");
  auto one_bad = ramp(42, -0.3, 0.01);
  one_bad[13] = 100.5;
  EXPECT_EQ(set(one_bad),
            "projection 'in_rec': weight = 100.5 pA: must be within [Wmin, Wmax] = [-100, 100] "
            "pA");
  one_bad[13] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(set(one_bad), "projection 'in_rec': weight = nan pA: must be finite");
  EXPECT_EQ(weights_of(simulation, small.in_rec), before);
}

}  // namespace eprop
