#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "distributed_test.hpp"
#include "eprop/errors.hpp"
#include "eprop/simulation.hpp"
#include "hdf5_content.hpp"
#include "message_of.hpp"
#include "results.hpp"
#include "sample_networks.hpp"
#include "scratch_file.hpp"

namespace eprop {
namespace {

using testing::message_of;
using testing::SmallNetwork;
using testing::SmallOptions;

/// The message with which a simulation of `steps` steps ends; empty if it has not diverged.
std::string divergence_of(const Network& network, comm::Communicator& comm, Step steps = 130) {
  Simulation simulation(network, comm, testing::threads_per_rank());
  return message_of<Diverged>([&] { simulation.run(steps); });
}

/// An optimizer with a learning rate beyond all reason, and without bounds that matter.
template <class Kind = GradientDescent>
Kind beyond_reason(double eta, std::int64_t batch_size = 1) {
  Kind o;
  o.eta = eta;
  o.batch_size = batch_size;
  o.Wmin = -1e308;
  o.Wmax = 1e308;
  return o;
}

/// Inputs onto two readouts.
struct Readouts {
  Network network{{.update_interval = 20.0, .learning_window = 20.0}};
  Population in, out;
  Projection in_out;

  Readouts(const NeuronModel& model, const SynapseModel& synapse,
           std::vector<std::vector<double>> times = testing::rhythms(4, 0.0, 90.0),
           double target = 1.0) {
    in = network.add("in", SpikeTrains{std::move(times)});
    out = network.add("out", 2, model);
    in_out = network.connect(in, out, AllToAll{}, synapse);
    network.connect_rate(network.add("target", StepRates{{0.0}, {{target}, {0.0}}}), out,
                         RateReceptor::target_signal);
    if (std::holds_alternative<EpropReadout>(model)) {
      network.connect_rate(network.add("window", StepRates{{0.0}, {{1.0}}}), out,
                           RateReceptor::learning_window);
    }
  }
};

EpropReadoutBsshslm2020 softmax() {
  EpropReadoutBsshslm2020 model;
  model.loss = Loss::cross_entropy;
  return model;
}

EpropSynapseBsshslm2020 by_interval(const Optimizer& optimizer, double weight = 0.0) {
  EpropSynapseBsshslm2020 synapse;
  synapse.weight = weight;
  synapse.optimizer = optimizer;
  return synapse;
}

std::string in_step(Step t) {
  return " is not finite in step " + std::to_string(t) + " (" + std::to_string(t) +
         " ms): the simulation has diverged";
}
const std::string a_weight = "projection 'in_out': a weight or its gradient";
const std::string errors = "population 'out': error_signal";

}  // namespace

DISTRIBUTED_TEST(Divergence, OfWeightsStopsTheSimulationOnEveryLayout, RANKS(1, 2, 3, 4)) {
  SmallOptions options;
  options.optimizer = beyond_reason(1e305);
  EXPECT_EQ(divergence_of(SmallNetwork(options).network, comm), errors + in_step(36));
  options.optimizer = beyond_reason<Adam>(1e305);
  EXPECT_EQ(divergence_of(SmallNetwork(options).network, comm),
            "projection 'rec_out': a weight or its gradient" + in_step(44));
  options.optimizer = beyond_reason(1e305, 2);
  EXPECT_EQ(divergence_of(SmallNetwork(options).network, comm), errors + in_step(57));
  const Readouts mse(EpropReadoutBsshslm2020{}, by_interval(beyond_reason(1e308)));
  EXPECT_EQ(divergence_of(mse.network, comm), a_weight + in_step(24));
  const Readouts ce(softmax(), by_interval(beyond_reason(1e308)));
  EXPECT_EQ(divergence_of(ce.network, comm), a_weight + in_step(24));
}

DISTRIBUTED_TEST(Divergence, OfWeightsThatLearnAsTheyTransmitStopsTheSimulation,
                 RANKS(1, 2, 3, 4)) {
  const auto divergence = [&](const Optimizer& optimizer, bool each_step) {
    const EpropSynapse synapse{
        .weight = 0.0, .optimize_each_step = each_step, .optimizer = optimizer};
    return divergence_of(Readouts(EpropReadout{}, synapse).network, comm);
  };
  EXPECT_EQ(divergence(beyond_reason(1e308), true), a_weight + in_step(4));
  EXPECT_EQ(divergence(beyond_reason(1e308), false), a_weight + in_step(4));
  EXPECT_EQ(divergence(beyond_reason<Adam>(1e308), true), a_weight + in_step(6));
  EXPECT_EQ(divergence(beyond_reason<Adam>(1e308), false), a_weight + in_step(4));
}

DISTRIBUTED_TEST(Divergence, IsNotHiddenByBounds, RANKS(1, 2)) {
  const Readouts readouts(EpropReadoutBsshslm2020{}, by_interval(GradientDescent{.eta = 1e308}));
  EXPECT_EQ(divergence_of(readouts.network, comm), a_weight + in_step(24));
}

DISTRIBUTED_TEST(Divergence, OfLearningSignalsShowsInTheWeightsTheyChange, RANKS(1, 2, 3, 4)) {
  Network network({.update_interval = 20.0, .learning_window = 20.0});
  const auto in = network.add("in", SpikeTrains{testing::rhythms(4, 0.0, 90.0)});
  EpropIafBsshslm2020 model;
  model.surrogate_gradient_width = 50.0;
  const auto rec = network.add("rec", 5, model);
  const auto out = network.add("out", 2, EpropReadoutBsshslm2020{});
  network.connect(in, rec, AllToAll{}, by_interval(GradientDescent{}, 1.0));
  network.connect(rec, out, AllToAll{}, by_interval(GradientDescent{}, 1.0));
  network.connect_learning_signal(out, rec, AllToAll{}, 1e300);
  network.connect_rate(network.add("target", StepRates{{0.0}, {{1e100}}}), out,
                       RateReceptor::target_signal);
  EXPECT_EQ(divergence_of(network, comm),
            "projection 'in_rec': a weight or its gradient" + in_step(23));
}

DISTRIBUTED_TEST(Divergence, OfPotentialsStopsTheSimulation, RANKS(1, 2, 3, 4)) {
  const std::vector<std::vector<double>> times{{5.0}, {5.0}};
  const auto divergence = [&](const NeuronModel& model, double update_interval) {
    Network network({.update_interval = update_interval, .learning_window = update_interval});
    const auto in = network.add("in", SpikeTrains{times});
    network.add("quiet", 5, model);
    const auto rec = network.add("rec", 5, model);
    network.connect(in, rec, ExplicitList{{0, 1}, {3, 3}}, StaticSynapse{-1e308, 1.0});
    return divergence_of(network, comm, 100);
  };
  const std::string V_m = "population 'rec': V_m";
  EXPECT_EQ(divergence(IafPscDelta{}, 100.0), V_m + in_step(31));
  EXPECT_EQ(divergence(EpropIaf{}, 100.0), V_m + in_step(31));
  EXPECT_EQ(divergence(EpropIafBsshslm2020{}, 20.0), V_m + in_step(21))
      << "the next step resets it";
}

DISTRIBUTED_TEST(Divergence, OfErrorSignalsStopsTheSimulation, RANKS(1, 2, 3, 4)) {
  const std::vector<std::vector<double>> times{{10.0}, {10.0}};  // act in step 11
  const auto divergence = [&](const NeuronModel& model) {
    return divergence_of(Readouts(model, StaticSynapse{1e308, 1.0}, times).network, comm);
  };
  EXPECT_EQ(divergence(EpropReadout{}), errors + in_step(11));
  EXPECT_EQ(divergence(EpropReadoutBsshslm2020{}), errors + in_step(12));
  EXPECT_EQ(divergence(softmax()), errors + in_step(12));
}

DISTRIBUTED_TEST(Divergence, OfLossesStopsTheSimulation, RANKS(1, 2, 3)) {
  const Readouts readouts(EpropReadoutBsshslm2020{}, StaticSynapse{},
                          testing::rhythms(4, 0.0, 90.0), 1e200);
  EXPECT_EQ(divergence_of(readouts.network, comm), "") << "the errors are finite";
  Simulation simulation(readouts.network, comm, testing::threads_per_rank());
  simulation.track_loss(readouts.out, {.offset = 4.0, .interval = 20.0});
  EXPECT_EQ(message_of<Diverged>([&] { simulation.run(100); }),
            "population 'out': its loss" + in_step(23));
}

DISTRIBUTED_TEST(Divergence, NamesTheStepAndEndsALongRunSoonAfterIt, RANKS(1, 2)) {
  const Readouts readouts(EpropReadoutBsshslm2020{}, by_interval(beyond_reason(1e308)));
  Simulation simulation(readouts.network, comm, testing::threads_per_rank());
  try {
    simulation.run(100000);
    ADD_FAILURE() << "should have diverged";
  } catch (const Diverged& e) {
    EXPECT_EQ(e.step(), 24);
  }
  EXPECT_EQ(simulation.step(), 1000);
}

DISTRIBUTED_TEST(Divergence, IsNeitherSavedNorReturned, RANKS(1, 2, 3)) {
  const Readouts readouts(EpropReadoutBsshslm2020{}, by_interval(beyond_reason(1e308)));
  const testing::ScratchFile file(comm);
  const auto divergence = [&](const auto& action) {
    Simulation simulation(readouts.network, comm, testing::threads_per_rank());
    simulation.run(24);  // up to the update that diverges, which is made where weights are needed
    return message_of<Diverged>([&] { action(simulation); });
  };
  EXPECT_EQ(divergence([&](auto& s) { (void)s.weights(readouts.in_out); }), a_weight + in_step(24));
  EXPECT_EQ(divergence([&](auto& s) { s.save_checkpoint(file.path()); }), a_weight + in_step(24));
  EXPECT_EQ(divergence([&](auto& s) { s.run(0); }), "") << "nothing is learnt";
  if (comm.rank() == 0) {
    EXPECT_FALSE(std::filesystem::exists(file.path()));
  }
}

DISTRIBUTED_TEST(Divergence, OfUpdatesThatReadingWeightsTriesIsNotReturned, RANKS(1, 2)) {
  const Readouts plus(
      EpropReadout{},
      EpropSynapse{.weight = 0.0, .optimize_each_step = false, .optimizer = beyond_reason(1e308)},
      {{5.0}});
  Simulation simulation(plus.network, comm, testing::threads_per_rank());
  simulation.run(20);
  EXPECT_EQ(message_of<Diverged>([&] { (void)simulation.weights(plus.in_out); }),
            a_weight + in_step(20));
}

DISTRIBUTED_TEST(Divergence, LeavesAnOutputFileThatIsClosed, RANKS(1, 2, 3)) {
  const testing::ScratchFile file(comm);
  {
    const Readouts readouts(EpropReadoutBsshslm2020{}, by_interval(beyond_reason(1e308)));
    Simulation simulation(readouts.network, comm, testing::threads_per_rank());
    simulation.open_output(file.path());
    simulation.record(readouts.out, {.variables = {"V_m"}});
    EXPECT_NE(message_of<Diverged>([&] { simulation.run(50); }), "");
  }
  comm.barrier();
  if (comm.rank() == 0) {
    EXPECT_FALSE(testing::hdf5_content(file.path()).empty());
  }
}

}  // namespace eprop
