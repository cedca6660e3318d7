#include <gtest/gtest.h>

#include <limits>

#include "distributed_test.hpp"
#include "refusal.hpp"
#include "results.hpp"
#include "sample_networks.hpp"

namespace eprop {
namespace {

using testing::refusal;
using testing::small_interval;
using testing::SmallNetwork;
using testing::weights_of;

SmallNetwork with_learning_rate(double eta) {
  testing::SmallOptions options;
  options.optimizer = GradientDescent{.eta = eta};
  return SmallNetwork(options);
}

/// Which of the first four intervals are learnt if the learning rate is zero until step `moment`.
std::vector<bool> learnt(comm::Communicator& comm, Step moment, RateChange from) {
  const SmallNetwork small = with_learning_rate(0.0);
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  const auto run_to = [&](Step step) {
    if (simulation.step() <= moment && moment <= step) {
      simulation.run(moment - simulation.step());
      simulation.set_learning_rate(small.rec_out, 0.01, from);
    }
    simulation.run(step - simulation.step());
  };
  std::vector<bool> result;
  for (Step k = 0; k < 4; ++k) {
    run_to((k + 1) * small_interval + 2);
    const auto before = simulation.weights(small.rec_out).weight;
    run_to((k + 1) * small_interval + 4);
    result.push_back(simulation.weights(small.rec_out).weight != before);
  }
  return result;
}

using Learnt = std::vector<bool>;

}  // namespace

DISTRIBUTED_TEST(LearningRate, IsThatOfTheMomentWhenAnIntervalBegan, RANKS(1, 2)) {
  EXPECT_EQ(learnt(comm, 0, RateChange::next_interval), (Learnt{true, true, true, true}));
  EXPECT_EQ(learnt(comm, 5, RateChange::next_interval), (Learnt{false, true, true, true}));
  EXPECT_EQ(learnt(comm, small_interval, RateChange::next_interval),
            (Learnt{false, true, true, true}));
  EXPECT_EQ(learnt(comm, small_interval + 1, RateChange::next_interval),
            (Learnt{false, true, true, true}));
  EXPECT_EQ(learnt(comm, small_interval + 2, RateChange::next_interval),
            (Learnt{false, true, true, true}));  // its first step
  EXPECT_EQ(learnt(comm, small_interval + 3, RateChange::next_interval),
            (Learnt{false, false, true, true}));
  EXPECT_EQ(learnt(comm, 2 * small_interval + 10, RateChange::next_interval),
            (Learnt{false, false, false, true}));
}

DISTRIBUTED_TEST(LearningRate, MayBeChangedForTheRunningIntervalToo, RANKS(1, 2)) {
  EXPECT_EQ(learnt(comm, 5, RateChange::running_interval), (Learnt{true, true, true, true}));
  EXPECT_EQ(learnt(comm, small_interval, RateChange::running_interval),
            (Learnt{true, true, true, true}));
  EXPECT_EQ(learnt(comm, small_interval + 1, RateChange::running_interval),
            (Learnt{true, true, true, true}));
  // The interval before has ended, though its update is still to come.
  EXPECT_EQ(learnt(comm, small_interval + 3, RateChange::running_interval),
            (Learnt{false, true, true, true}));
  EXPECT_EQ(learnt(comm, 2 * small_interval + 10, RateChange::running_interval),
            (Learnt{false, false, true, true}));
}

DISTRIBUTED_TEST(LearningRate, ScalesTheStepOfGradientDescent, RANKS(1, 2)) {
  const SmallNetwork small = with_learning_rate(0.0);
  const auto change = [&](double eta) {
    Simulation simulation(small.network, comm, testing::threads_per_rank());
    simulation.set_learning_rate(small.in_rec, eta);
    auto weights = simulation.weights(small.in_rec).weight;
    for (auto& w : weights) w = -w;
    simulation.run(small_interval + 4);
    const auto after = simulation.weights(small.in_rec).weight;
    for (std::size_t s = 0; s < weights.size(); ++s) weights[s] += after[s];
    return weights;
  };
  const auto once = change(1e-3), thrice = change(3e-3);
  double largest = 0.0;
  for (std::size_t s = 0; s < once.size(); ++s) {
    EXPECT_NEAR(thrice[s], 3.0 * once[s], 1e-12);
    largest = std::max(largest, std::abs(once[s]));
  }
  EXPECT_GT(largest, 1e-6);
}

DISTRIBUTED_TEST(LearningRate, BelongsToOneProjection, RANKS(1, 2)) {
  const SmallNetwork small = with_learning_rate(0.0);
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  const auto in_rec = weights_of(simulation, small.in_rec);
  const auto rec_rec = weights_of(simulation, small.rec_rec);
  simulation.set_learning_rate(small.in_rec, 0.01);
  simulation.run(small_interval + 4);
  EXPECT_NE(weights_of(simulation, small.in_rec), in_rec);
  EXPECT_EQ(weights_of(simulation, small.rec_rec), rec_rec);
}

DISTRIBUTED_TEST(LearningRate, ThatMakesNoSenseIsRefused, RANKS(1, 2)) {
  Network network;
  const auto a = network.add("a", 2, IafPscDelta{});
  const auto fixed = network.connect(a, a, AllToAll{}, StaticSynapse{});
  Simulation without_plasticity(network, comm, 1);
  EXPECT_EQ(refusal([&] { without_plasticity.set_learning_rate(fixed, 0.1); }),
            "projection 'a_a': eta = 0.1: the projection does not learn");

  const SmallNetwork small;
  Simulation simulation(small.network, comm, 1);
  const std::string rule = ": must be >= 0 and finite";
  EXPECT_EQ(refusal([&] { simulation.set_learning_rate(small.in_rec, -0.1); }),
            "projection 'in_rec': eta = -0.1" + rule);
  EXPECT_EQ(refusal([&] {
              simulation.set_learning_rate(small.in_rec, std::numeric_limits<double>::quiet_NaN());
            }),
            "projection 'in_rec': eta = nan" + rule);
}

}  // namespace eprop
