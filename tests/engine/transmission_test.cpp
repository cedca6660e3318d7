#include <gtest/gtest.h>

#include <algorithm>

#include "distributed_test.hpp"
#include "plus_networks.hpp"
#include "results.hpp"
#include "sample_networks.hpp"

namespace eprop {
namespace {

using testing::PlusInputs;
using testing::Results;
using testing::rhythms;
using testing::run_steps;
using testing::weights_of;

constexpr std::uint32_t inputs = 8;

/// Rhythms in which some neurons have not spiked yet in step 100 and others not for long.
std::vector<std::vector<double>> sparse_rhythms() {
  auto trains = rhythms(inputs, 0.0, 130.0);
  trains[2] = {101.0};
  trains[5] = {4.0};
  return trains;
}

/// The same, but all neurons spike in a step.
std::vector<std::vector<double>> with_all_in(double time) {
  auto trains = sparse_rhythms();
  for (auto& train : trains) {
    train.insert(std::upper_bound(train.begin(), train.end(), time), time);
    train.erase(std::unique(train.begin(), train.end()), train.end());
  }
  return trains;
}

bool spikes_in(std::uint32_t input, double time) {
  const auto train = sparse_rhythms()[input];
  return std::find(train.begin(), train.end(), time) != train.end();
}

}  // namespace

DISTRIBUTED_TEST(Transmissions, DoNotShowTheLayout, RANKS(1, 2, 3, 4)) {
  const Network rich = testing::rich_plus_network();
  testing::expect_same_as_serial(comm, run_steps(rich, 760));
  const Network wide = testing::wide_plus_network();
  testing::expect_same_as_serial(comm, run_steps(wide, 90));
}

// What the test above compares must be worth comparing.
DISTRIBUTED_TEST(Transmissions, OfTheSamplesChangeAllPlasticWeights, RANKS(1)) {
  for (const Network& network : {testing::rich_plus_network(), testing::wide_plus_network()}) {
    const Results before = run_steps(network, 0)(comm, 1);
    const Results after = run_steps(network, 90)(comm, 1);
    for (const auto& [name, values] : after.on_root) {
      EXPECT_TRUE(!name.starts_with("spikes of ") || values.size() > 50) << name;
    }
    for (const auto& spec : network.projections()) {
      const std::string name = "weights of " + spec.name;
      EXPECT_FALSE(after.everywhere.at(name).empty()) << name;
      EXPECT_EQ(after.everywhere.at(name) != before.everywhere.at(name),
                std::holds_alternative<EpropSynapse>(spec.synapse))
          << name;
    }
  }
}

DISTRIBUTED_TEST(Transmissions, AreNotDisturbedByQuestionsForWeights, RANKS(1, 2, 3)) {
  const Network network = testing::rich_plus_network();
  const Results undisturbed = run_steps(network, 760)(comm, testing::threads_per_rank());
  Simulation simulation(network, comm, testing::threads_per_rank());
  testing::record_everything(simulation, network);
  for (Step t = 0; t < 760; t += 4) {
    for (std::uint32_t p = 0; p < network.projections().size(); ++p) {
      if (t % 16 == 0 || p % 4 == 0) (void)simulation.weights({p});
    }
    simulation.run(4);
  }
  testing::expect_identical(testing::collect_everything(simulation, network), undisturbed);
}

DISTRIBUTED_TEST(Transmissions, InPiecesAreTheSameAsAtOnce, RANKS(1, 2)) {
  const Network network = testing::rich_plus_network();
  const Results at_once = run_steps(network, 200)(comm, testing::threads_per_rank());
  Simulation simulation(network, comm, testing::threads_per_rank());
  testing::record_everything(simulation, network);
  for (const Step steps : {61, 1, 1, 2, 0, 63, 72}) simulation.run(steps);
  testing::expect_identical(testing::collect_everything(simulation, network), at_once);
}

DISTRIBUTED_TEST(Weights, AreThoseThatATransmissionWouldUse, RANKS(1, 2, 3, 4)) {
  for (const Step t : {60, 64, 101, 102, 128}) {
    SCOPED_TRACE("before step " + std::to_string(t));
    const double sent = static_cast<double>(t) - 2.0;
    const PlusInputs asked(sparse_rhythms()), forced(with_all_in(sent));
    Simulation a(asked.network, comm, testing::threads_per_rank());
    Simulation b(forced.network, comm, testing::threads_per_rank());
    for (auto* simulation : {&a, &b}) {
      simulation->record(asked.out, {.variables = {"V_m"}});
      simulation->run(t);
    }
    const auto in_out = a.weights(asked.in_out);
    EXPECT_EQ(weights_of(a, asked.in_rec), weights_of(b, forced.in_rec));
    EXPECT_EQ(in_out.weight, weights_of(b, forced.in_out));
    for (auto* simulation : {&a, &b}) simulation->run(1);
    const auto V_a = a.take_traces("out").values, V_b = b.take_traces("out").values;
    if (comm.rank() != 0) continue;
    std::vector<double> added(4, 0.0);
    for (std::size_t s = 0; s < in_out.weight.size(); ++s) {
      if (!spikes_in(in_out.source[s], sent)) added[in_out.target[s]] += in_out.weight[s];
    }
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_NE(added[k], 0.0);
      EXPECT_NEAR(V_b.end()[static_cast<std::ptrdiff_t>(k) - 4] -
                      V_a.end()[static_cast<std::ptrdiff_t>(k) - 4],
                  added[k], 1e-12);
    }
  }
}

}  // namespace eprop
