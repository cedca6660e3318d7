#include <gtest/gtest.h>

#include <algorithm>

#include "distributed_test.hpp"
#include "results.hpp"

namespace eprop {
namespace {

constexpr Step second_arrival = 311, sent = second_arrival - 1;

/// One synapse onto a readout with a constant error: every step of its only interval, which ends
/// with the arrival of the second spike, has the same gradient, but for the change of the weight.
struct OneSynapse {
  explicit OneSynapse(bool each_step) {
    const auto in = network.add("in", SpikeTrains{{{1.0, static_cast<double>(sent)}}});
    EpropReadout readout;
    readout.C_m = 1.0;
    readout.tau_m = 1e9;
    const auto out = network.add("out", 1, readout);
    EpropSynapse synapse;
    synapse.weight = 0.5;
    synapse.optimize_each_step = each_step;
    synapse.optimizer = GradientDescent{.eta = 0.0};
    projection = network.connect(in, out, OneToOne{}, synapse);
    network.connect_rate(network.add("target", StepRates{{0.0}, {{-1.0}}}), out,
                         RateReceptor::target_signal);
    network.connect_rate(network.add("window", StepRates{{0.0}, {{1.0}}}), out,
                         RateReceptor::learning_window);
  }

  Network network;
  Projection projection{};
};

/// From how many steps the synapse has learnt at its second spike, if the learning rate is set to
/// more than zero before step `moment`.
double steps_learnt(comm::Communicator& comm, bool each_step, Step moment, bool asks_for_weights) {
  constexpr double eta = 1e-9, gradient = 1.5;
  const OneSynapse one(each_step);
  Simulation simulation(one.network, comm, testing::threads_per_rank());
  simulation.run(moment);
  if (asks_for_weights) (void)simulation.weights(one.projection);
  simulation.set_learning_rate(one.projection, eta);
  simulation.run(second_arrival - moment);
  return (0.5 - simulation.weights(one.projection).weight.at(0)) / (eta * gradient);
}

}  // namespace

// The first spike arrives in step 2; before step t, errors are known up to step t - 2.
DISTRIBUTED_TEST(LearningRateOfEachStep, HoldsForTheErrorsThatAreNotYetKnown, RANKS(1, 2)) {
  for (const Step moment : {0, 1, 3, 4, 100, 180, 191, 192, 193, 250, 256, 300, 310}) {
    for (const bool asks : {false, true}) {
      const auto last = static_cast<double>(second_arrival - 1);
      const auto first = static_cast<double>(std::max<Step>(moment - 1, 2));
      EXPECT_NEAR(steps_learnt(comm, true, moment, asks), last - first, 1e-3)
          << "before step " << moment << (asks ? ", weights asked for" : "");
    }
  }
}

DISTRIBUTED_TEST(LearningRatePerSpike, IsThatOfTheMomentWhenItIsTransmitted, RANKS(1, 2)) {
  for (const Step moment : {0, 100, 192, 193, 256, 310}) {
    for (const bool asks : {false, true}) {
      EXPECT_NEAR(steps_learnt(comm, false, moment, asks), 308.0, 1e-3)
          << "before step " << moment << (asks ? ", weights asked for" : "");
    }
  }
}

}  // namespace eprop
