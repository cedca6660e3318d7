#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "distributed_test.hpp"
#include "results.hpp"
#include "sample_networks.hpp"
#include "sequences.hpp"

namespace eprop {
namespace {

using testing::ramp;
using testing::weights_of;

struct Learning {
  bool adam, each_step;
  std::int64_t batch_size;
};

std::string name_of(const Learning& how) {
  return std::string(how.adam ? "adam" : "descent") +
         (how.each_step ? " each step" : " per spike") + " batch " + std::to_string(how.batch_size);
}

std::vector<Learning> all_kinds() {
  std::vector<Learning> kinds;
  for (const bool adam : {false, true}) {
    for (const bool each_step : {false, true}) {
      for (const std::int64_t batch_size : {1, 2, 7})
        kinds.push_back({adam, each_step, batch_size});
    }
  }
  return kinds;
}

/// Inputs onto neurons and readouts that learn.
struct LearningNetwork {
  LearningNetwork(const Learning& how, const std::vector<std::vector<double>>& trains) {
    const auto in = network.add("in", SpikeTrains{trains});
    EpropIaf neuron;
    neuron.C_m = 1.0;
    neuron.E_L = 0.0;
    neuron.V_th = 0.6;
    neuron.tau_m = 20.0;
    neuron.c_reg = 1.0;
    const auto rec = network.add("rec", 9, neuron);
    EpropReadout readout;
    readout.C_m = 1.0;
    readout.tau_m = 20.0;
    const auto out = network.add("out", 4, readout);
    EpropSynapse synapse;
    synapse.weight = Normal{0.1, 0.1};
    synapse.delay = 2.0;
    synapse.optimize_each_step = how.each_step;
    const Adam adam{{.batch_size = how.batch_size, .eta = 1e-3}};
    synapse.optimizer = adam;
    if (!how.adam) synapse.optimizer = static_cast<const GradientDescent&>(adam);
    in_rec = network.connect(in, rec, AllToAll{}, synapse);
    in_out = network.connect(in, out, AllToAll{}, synapse);
    synapse.delay = 1.0;
    network.connect(rec, out, AllToAll{}, synapse);
    network.connect_learning_signal(out, rec, AllToAll{}, Normal{0.0, 1.0});
    network.connect_rate(
        network.add("target",
                    StepRates{{0.0, 40.0, 90.0}, {{1, -1, 0}, {0, 1, 1}, {0, 0, 1}, {1, 1, 1}}}),
        out, RateReceptor::target_signal);
    network.connect_rate(network.add("window", StepRates{{0.0}, {{1.0}}}), out,
                         RateReceptor::learning_window);
  }

  Network network{{.dt = 1.0, .seed = 2}};
  Projection in_rec{}, in_out{};
};

/// Rhythms, in which inputs have been silent for long and some have not spiked yet.
std::vector<std::vector<double>> uneven_trains() {
  auto trains = testing::rhythms(8, 0.0, 200.0);
  trains[2] = {101.0};
  trains[5] = {4.0};
  return trains;
}

constexpr double pause = 9.0;

/// All inputs spike every `pause` ms.
std::vector<std::vector<double>> common_trains(double end) {
  std::vector<double> train;
  for (int i = 0; 3.0 + pause * i < end; ++i) train.push_back(3.0 + pause * i);
  return std::vector<std::vector<double>>(8, train);
}

testing::Results run_with(const LearningNetwork& learning, comm::Communicator& comm, int threads,
                          Step moment, Step end, const auto& change) {
  Simulation simulation(learning.network, comm, threads);
  testing::record_everything(simulation, learning.network);
  simulation.run(moment);
  for (const auto p : {learning.in_rec, learning.in_out}) change(simulation, p);
  simulation.run(end - moment);
  return testing::collect_everything(simulation, learning.network);
}

}  // namespace

DISTRIBUTED_TEST(SetWeightsOfTransmissions, AreInForceAtOnce, RANKS(1, 2, 3, 4)) {
  for (const auto& how : all_kinds()) {
    const LearningNetwork learning(how, uneven_trains());
    Simulation simulation(learning.network, comm, testing::threads_per_rank());
    for (const Step t : {0, 1, 5, 60, 64, 65, 101, 102, 128, 150}) {
      SCOPED_TRACE(name_of(how) + " before step " + std::to_string(t));
      simulation.run(t - simulation.step());
      for (const auto p : {learning.in_rec, learning.in_out}) {
        const auto wanted = ramp(simulation.synapse_count(p), -0.1, 0.005);
        simulation.set_weights(p, wanted);
        EXPECT_EQ(weights_of(simulation, p), wanted);
      }
    }
  }
}

// Nothing is open where all have just transmitted.
DISTRIBUTED_TEST(SetWeightsOfTransmissions, KeepOpenBatchesAndMoments, RANKS(1, 2)) {
  for (const auto& how : all_kinds()) {
    SCOPED_TRACE(name_of(how));
    const LearningNetwork learning(how, common_trains(100.0));
    const auto moment = static_cast<Step>(3 + 5 * pause) + 2;  // delay
    const auto same = [](Simulation& simulation, Projection p) {
      simulation.set_weights(p, simulation.weights(p).weight);
    };
    const int threads = testing::threads_per_rank();
    const auto set = run_with(learning, comm, threads, moment, 100, same);
    const auto left = run_with(learning, comm, threads, moment, 100, [](auto&...) {});
    testing::expect_identical(set, left);
  }
}

// It does not matter where the steps of an interval are divided, nor, for gradient descent, the sum
// of their gradients.
DISTRIBUTED_TEST(SetWeightsOfTransmissions, ToWhatTheyAreLoseNoGradient, RANKS(1, 2)) {
  for (const auto& how : all_kinds()) {
    if (!how.each_step && (how.adam || how.batch_size > 1)) continue;
    SCOPED_TRACE(name_of(how));
    const LearningNetwork learning(how, uneven_trains());
    const auto final_weights = [&](bool set) {
      Simulation simulation(learning.network, comm, testing::threads_per_rank());
      for (Step t = 0; t < 140; t += 7) {
        simulation.run(7);
        for (const auto p : {learning.in_rec, learning.in_out}) {
          if (set) simulation.set_weights(p, simulation.weights(p).weight);
        }
      }
      auto weights = weights_of(simulation, learning.in_rec);
      const auto more = weights_of(simulation, learning.in_out);
      weights.insert(weights.end(), more.begin(), more.end());
      return weights;
    };
    const auto set = final_weights(true), left = final_weights(false);
    for (std::size_t s = 0; s < set.size(); ++s) EXPECT_NEAR(set[s], left[s], 1e-11);
  }
}

DISTRIBUTED_TEST(SetWeightsOfTransmissions, DoNotShowTheLayout, RANKS(2, 3)) {
  for (const auto& how : all_kinds()) {
    if (how.batch_size == 1) continue;
    const LearningNetwork learning(how, uneven_trains());
    testing::expect_same_as_serial(comm, [&](comm::Communicator& ranks, int threads) {
      return run_with(learning, ranks, threads, 77, 130, [](Simulation& simulation, Projection p) {
        simulation.set_weights(p, ramp(simulation.synapse_count(p), -0.1, 0.005));
      });
    });
  }
}

}  // namespace eprop
