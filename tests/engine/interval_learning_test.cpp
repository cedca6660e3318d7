#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "distributed_test.hpp"
#include "results.hpp"
#include "sample_networks.hpp"

namespace eprop {
namespace {

constexpr double update_interval = 20.0;

/// Two projections from the same inputs to the same neurons, with a filter time each.
struct TwoFilters {
  Network network{{.update_interval = update_interval, .learning_window = update_interval}};
  Projection a, b;

  TwoFilters(double tau_a, double tau_b) {
    const auto in = network.add("in", SpikeTrains{testing::rhythms(5, 0.0, 60.0)});
    EpropIafBsshslm2020 model;
    model.surrogate_gradient_width = 10.0;
    const auto rec = network.add("rec", 6, model);
    const auto out = network.add("out", 2, EpropReadoutBsshslm2020{});
    const auto target = network.add("target", StepRates{{0.0, 12.0}, {{1.0, -2.0}, {-1.0, 0.5}}});
    network.connect_rate(target, out, RateReceptor::target_signal);
    EpropSynapseBsshslm2020 synapse;
    synapse.weight = 1.5;
    synapse.optimizer = GradientDescent{.eta = 0.01};
    synapse.tau_m_readout = tau_a;
    a = network.connect(in, rec, AllToAll{}, synapse, "a");
    synapse.tau_m_readout = tau_b;
    b = network.connect(in, rec, AllToAll{}, synapse, "b");
    network.connect_learning_signal(out, rec, AllToAll{}, Uniform{-1.0, 1.0});
  }

  /// The weights after one update.
  [[nodiscard]] std::pair<std::vector<double>, std::vector<double>> learn(
      comm::Communicator& comm) const {
    Simulation simulation(network, comm, testing::threads_per_rank());
    simulation.run(static_cast<Step>(update_interval) + 4);
    return {simulation.weights(a).weight, simulation.weights(b).weight};
  }
};

/// The potentials of a neuron and a readout that a constant current charges.
std::pair<std::vector<double>, std::vector<double>> charged(comm::Communicator& comm, bool reset) {
  Network network({.update_interval = update_interval,
                   .learning_window = update_interval,
                   .reset_neurons_on_update = reset});
  EpropIafBsshslm2020 neuron;
  neuron.E_L = 0.0;
  neuron.V_th = 1e6;
  neuron.I_e = 10.0;
  EpropReadoutBsshslm2020 readout;
  readout.I_e = 10.0;
  const auto rec = network.add("rec", 1, neuron);
  const auto out = network.add("out", 1, readout);
  Simulation simulation(network, comm, testing::threads_per_rank());
  simulation.record(rec, {.variables = {"V_m"}});
  simulation.record(out, {.variables = {"V_m"}});
  simulation.run(50);
  return {simulation.take_traces("rec").values, simulation.take_traces("out").values};
}

/// The steps in which a potential falls.
std::vector<std::size_t> falls(const std::vector<double>& potential) {
  std::vector<std::size_t> steps;
  for (std::size_t t = 1; t < potential.size(); ++t) {
    if (potential[t] < potential[t - 1]) steps.push_back(t);
  }
  return steps;
}

}  // namespace

DISTRIBUTED_TEST(IntervalLearning, FiltersTheTracesOfEveryProjectionWithItsOwnTime, RANKS(1, 2)) {
  const auto [short_a, short_b] = TwoFilters(5.0, 5.0).learn(comm);
  const auto [long_a, long_b] = TwoFilters(30.0, 30.0).learn(comm);
  const auto [mixed_a, mixed_b] = TwoFilters(5.0, 30.0).learn(comm);
  EXPECT_NE(short_a, long_a);
  EXPECT_EQ(short_a, short_b);
  EXPECT_EQ(mixed_a, short_a);
  EXPECT_EQ(mixed_b, long_b);
}

DISTRIBUTED_TEST(IntervalLearning, ResetsNeuronsTwoAndReadoutsThreeStepsAfterEachInterval,
                 RANKS(1, 2)) {
  const auto [neuron, readout] = charged(comm, true);
  if (comm.rank() != 0) return;
  EXPECT_EQ(falls(neuron), (std::vector<std::size_t>{22, 42}));
  EXPECT_EQ(falls(readout), (std::vector<std::size_t>{3, 23, 43}));
  EXPECT_DOUBLE_EQ(neuron[2], neuron[1]);  // one step of current from rest
  EXPECT_DOUBLE_EQ(neuron[22], neuron[1]);
  EXPECT_DOUBLE_EQ(readout[23], readout[1]);
}

DISTRIBUTED_TEST(IntervalLearning, LetsNeuronsGoOnIfTheyAreNotToBeReset, RANKS(1, 2)) {
  const auto [neuron, readout] = charged(comm, false);
  if (comm.rank() != 0) return;
  EXPECT_TRUE(falls(neuron).empty());
  EXPECT_TRUE(falls(readout).empty());
}

DISTRIBUTED_TEST(IntervalLearning, ExchangesSoftmaxSignalsEveryStepWhateverTheDelays,
                 RANKS(1, 2, 3, 4)) {
  Network network({.update_interval = update_interval, .learning_window = update_interval});
  const auto noise = network.add("noise", 10, PoissonSource{.rate = 200.0});
  const auto rec = network.add("rec", 6, IafPscDelta{});
  EpropReadoutBsshslm2020 softmax;
  softmax.loss = Loss::cross_entropy;
  const auto out = network.add("out", 5, softmax);
  network.connect(noise, rec, AllToAll{}, StaticSynapse{3.0, 4.0});
  network.connect(rec, out, AllToAll{}, StaticSynapse{Uniform{-0.3, 0.3}, 4.0});
  testing::expect_same_as_serial(comm, testing::run_steps(network, 60));
}

}  // namespace eprop
