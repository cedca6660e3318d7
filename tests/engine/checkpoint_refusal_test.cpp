#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "distributed_test.hpp"
#include "eprop/comm/launch.hpp"
#include "eprop/simulation.hpp"
#include "message_of.hpp"
#include "refusal.hpp"
#include "sample_networks.hpp"
#include "scratch_file.hpp"

namespace eprop {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::message_of;
using testing::ScratchFile;
using testing::SmallNetwork;

std::string load(const Network& network, comm::Communicator& comm, const std::string& path) {
  return message_of<CheckpointError>(
      [&] { (void)Simulation(network, comm, 1).load_checkpoint(path); });
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// What networks can differ in without being of another shape.
struct Details {
  ExplicitList pairs{{0, 1, 2}, {0, 1, 2}};
  EpropSynapseBsshslm2020 synapse;
  EpropIafAdaptBsshslm2020 neurons;
  Loss loss = Loss::mean_squared_error;
  Value signal = 1.0;
  Value rate = 100.0;
  RateGenerator target{0};
};

Network network_of(const Details& d) {
  Network network({.update_interval = 20.0, .learning_window = 20.0});
  const auto in = network.add("in", 3, PoissonSource{.rate = d.rate});
  const auto rec = network.add("rec", 4, d.neurons);
  EpropReadoutBsshslm2020 readout;
  readout.loss = d.loss;
  const auto out = network.add("out", 2, readout);
  network.connect(in, rec, d.pairs, d.synapse);
  network.connect(rec, out, AllToAll{}, EpropSynapseBsshslm2020{});
  network.connect_learning_signal(out, rec, AllToAll{}, d.signal);
  network.add("one", StepRates{{0.0}, {{1.0}}});
  network.add("two", StepRates{{0.0}, {{2.0}}});
  network.connect_rate(d.target, out, RateReceptor::target_signal);
  return network;
}

/// The message with which the checkpoint of a network is refused to one that differs in this.
std::string with(comm::Communicator& comm, const ScratchFile& file,
                 const std::function<void(Details&)>& change) {
  Details details;
  change(details);
  return load(network_of(details), comm, file.path());
}

}  // namespace

DISTRIBUTED_TEST(Checkpoint, DamagedFileIsRefused, RANKS(1, 2)) {
  const SmallNetwork small;
  const ScratchFile file(comm);
  {
    Simulation simulation(small.network, comm, 1);
    simulation.run(10);
    simulation.save_checkpoint(file.path());
  }
  EXPECT_EQ(load(small.network, comm, file.path()), "");
  std::string bytes;
  if (comm.rank() == 0) {
    std::ifstream stream(file.path(), std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(stream), {});
  }
  auto flipped = bytes;
  if (!flipped.empty()) flipped[flipped.size() / 2] ^= 1;
  const auto message =
      "checkpoint '" + file.path() + "': is no checkpoint of this program, or it is damaged";
  for (const auto& damaged : {bytes.substr(0, bytes.size() / 2), bytes + "x", flipped,
                              std::string("something else"), std::string()}) {
    if (comm.rank() == 0) write_file(file.path(), damaged);
    EXPECT_EQ(load(small.network, comm, file.path()), message) << damaged.size() << " bytes";
    EXPECT_THROW((void)Simulation(small.network, comm, 1).load_checkpoint(file.path()),
                 DamagedCheckpoint);
  }
  EXPECT_THAT(load(small.network, comm, "/nowhere/a.ckpt"),
              HasSubstr("checkpoint '/nowhere/a.ckpt': cannot be opened: No such file"));
  EXPECT_THAT(load(small.network, comm, "/tmp"), HasSubstr("cannot be opened: Is a directory"));
}

DISTRIBUTED_TEST(Checkpoint, OfAnotherNetworkIsRefused, RANKS(1, 2)) {
  const ScratchFile file(comm);
  {
    const SmallNetwork small;
    Simulation simulation(small.network, comm, 1);
    simulation.save_checkpoint(file.path());
  }
  const auto other = [&](const testing::SmallOptions& options) {
    return load(SmallNetwork(options).network, comm, file.path());
  };
  EXPECT_EQ(other({}), "");
  EXPECT_THAT(other({.neurons = 8}), HasSubstr("it has population 'rec': 7 eprop_iaf_bsshslm_2020, "
                                               "this one population 'rec': 8"));
  EXPECT_THAT(other({.network = {.seed = 4, .update_interval = 20.0, .learning_window = 15.0}}),
              HasSubstr("seed 3"));
  EXPECT_THAT(other({.optimizer = Adam{}}), HasSubstr("projection 'in_rec'"));
}

DISTRIBUTED_TEST(Checkpoint, IsOfNetworksWithItsChecksum, RANKS(1, 2, 3)) {
  const auto checksum = [&](const std::function<void(Details&)>& change, comm::Communicator& on) {
    Details details;
    change(details);
    return Simulation(network_of(details), on, 1).network_checksum();
  };
  const auto as_it_is = checksum([](Details&) {}, comm);
  EXPECT_EQ(checksum([](Details&) {}, *comm::make_serial()), as_it_is);
  EXPECT_NE(checksum([](Details& d) { d.pairs = {{0, 1, 2}, {0, 2, 1}}; }, comm), as_it_is);
  EXPECT_NE(checksum([](Details& d) { d.signal = 2.0; }, comm), as_it_is);
}

DISTRIBUTED_TEST(Checkpoint, OfOtherSynapsesIsRefused, RANKS(1, 2, 3)) {
  const ScratchFile file(comm);
  (void)Simulation(network_of({}), comm, 1).save_checkpoint(file.path());
  const auto other = [&](const ExplicitList& pairs) {
    return with(comm, file, [&](Details& d) { d.pairs = pairs; });
  };
  EXPECT_EQ(other({{0, 1, 2}, {0, 1, 2}}), "");
  EXPECT_EQ(other({{2, 0, 1}, {2, 0, 1}}), "") << "the same pairs in another order";
  for (const auto& pairs : {ExplicitList{{0, 1, 2}, {3, 2, 1}}, ExplicitList{{0, 1, 2}, {0, 2, 1}},
                            ExplicitList{{0, 0, 2}, {0, 0, 2}}}) {
    EXPECT_THAT(other(pairs), AllOf(HasSubstr("is of another network: it has projection 'in_rec'"),
                                    HasSubstr("3 synapses")));
  }
}

DISTRIBUTED_TEST(Checkpoint, OfOtherParametersIsRefused, RANKS(1, 2)) {
  const ScratchFile file(comm);
  (void)Simulation(network_of({}), comm, 1).save_checkpoint(file.path());
  const auto other = [&](const std::function<void(Details&)>& change) {
    return with(comm, file, change);
  };
  EXPECT_THAT(other([](auto& d) { d.neurons.V_th = -54.0; }),
              HasSubstr("it has population 'rec': V_th = -55 mV, "
                        "this one population 'rec': V_th = -54 mV"));
  EXPECT_THAT(other([](auto& d) {
                d.neurons.adapt_tau = Uniform{9.0, 11.0};
              }),
              HasSubstr("adapt_tau = uniform(9, 11) ms"));
  EXPECT_THAT(other([](auto& d) {
                d.neurons.surrogate_gradient_function = SurrogateGradient::exponential;
              }),
              HasSubstr("surrogate_gradient_function = exponential"));
  EXPECT_THAT(other([](auto& d) { d.neurons.ignore_and_spike = true; }),
              HasSubstr("ignore_and_spike = true"));
  EXPECT_THAT(other([](auto& d) { d.loss = Loss::cross_entropy; }),
              HasSubstr("loss = cross_entropy"));
  EXPECT_THAT(other([](auto& d) { d.rate = 50.0; }), HasSubstr("rate = 50 spikes/s"));
  EXPECT_THAT(other([](auto& d) { d.signal = 2.0; }), HasSubstr("learning signal 'out_rec'"));
  EXPECT_THAT(other([](auto& d) { d.target = {1}; }),
              HasSubstr("rate generator 'two' to 'out' as target_signal"));
  EXPECT_THAT(other([](auto& d) { d.synapse.tau_m_readout = 20.0; }),
              HasSubstr("tau_m_readout 20 ms"));
  EXPECT_THAT(other([](auto& d) { d.synapse.optimizer = GradientDescent{.Wmax = 50.0}; }),
              HasSubstr("weights in [-100, 50] pA"));
}

DISTRIBUTED_TEST(Checkpoint, OfDefaultTimesIsThatOfTheSameTimesGiven, RANKS(1, 2)) {
  const ScratchFile file(comm);
  const auto network = [](const NetworkOptions& options, std::optional<double> delay) {
    Network made(options);
    const auto rec = made.add("rec", 3, EpropIaf{});
    const auto out = made.add("out", 2, EpropReadout{});
    made.connect(rec, rec, AllToAll{}, StaticSynapse{.delay = delay});
    made.connect(rec, out, AllToAll{}, EpropSynapse{.delay = delay});
    made.connect_learning_signal(out, rec, AllToAll{}, 1.0, delay);
    return made;
  };
  const auto by_default = network({.dt = 0.5}, {});
  (void)Simulation(by_default, comm, 1).save_checkpoint(file.path());
  EXPECT_EQ(load(by_default, comm, file.path()), "");
  const NetworkOptions given{.dt = 0.5, .update_interval = 1000.0, .learning_window = 1000.0};
  EXPECT_EQ(load(network(given, 0.5), comm, file.path()), "");
  EXPECT_THAT(load(network(given, 1.0), comm, file.path()), HasSubstr("delay 1 ms"));
  EXPECT_THAT(load(network({.dt = 0.5, .learning_window = 500.0}, 0.5), comm, file.path()),
              HasSubstr("learning window 500 ms"));
}

DISTRIBUTED_TEST(Checkpoint, OfOtherArraysIsRefused, RANKS(1, 2)) {
  const ScratchFile file(comm);
  const auto of = [](const Value::Array& thresholds, const Value::Array& signals) {
    Details details;
    details.neurons.V_th = thresholds;
    details.signal = signals;
    return network_of(details);
  };
  const Value::Array thresholds{-55, -54, -53, -52}, signals{1, 2, 3, 4, 5, 6, 7, 8};
  (void)Simulation(of(thresholds, signals), comm, 1).save_checkpoint(file.path());
  EXPECT_EQ(load(of(thresholds, signals), comm, file.path()), "");
  EXPECT_THAT(load(of({-54, -55, -53, -52}, signals), comm, file.path()),
              HasSubstr("population 'rec': V_th = array(4 values with checksum "));
  EXPECT_THAT(load(of(thresholds, {2, 1, 3, 4, 5, 6, 7, 8}), comm, file.path()),
              HasSubstr("learning signal 'out_rec'"));
}

DISTRIBUTED_TEST(Checkpoint, BringsWhatItHoldsWhateverTheNetworkBeginsWith, RANKS(1, 2)) {
  const ScratchFile file(comm);
  const auto projection = Projection{0};
  Details details;
  details.synapse.weight = 12.0;
  details.neurons.surrogate_gradient_width = 20.0;
  Simulation first(network_of(details), comm, 1);
  first.run(50);
  first.save_checkpoint(file.path());
  details.synapse.weight = 1.0;
  details.synapse.optimizer = GradientDescent{.eta = 7.0};
  details.neurons.V_m = -60.0;
  details.neurons.adaptation = 3.0;
  Simulation second(network_of(details), comm, 1);
  (void)second.load_checkpoint(file.path());
  first.run(50);
  second.run(50);
  const auto weights = first.weights(projection).weight;
  EXPECT_NE(weights, std::vector<double>(3, 12.0));
  EXPECT_EQ(second.weights(projection).weight, weights);
}

DISTRIBUTED_TEST(Checkpoint, IsLoadedInStep0Only, RANKS(1)) {
  const SmallNetwork small;
  const ScratchFile file(comm);
  Simulation simulation(small.network, comm, 1);
  simulation.run(5);
  simulation.save_checkpoint(file.path());
  EXPECT_EQ(testing::refusal([&] { (void)simulation.load_checkpoint(file.path()); }),
            "checkpoint: step = 5: must be loaded in step 0");
}

DISTRIBUTED_TEST(Checkpoint, ThatCannotBeWrittenFailsOnAllRanks, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, 1);
  EXPECT_THAT(message_of<CheckpointError>([&] { simulation.save_checkpoint("/nowhere/a.ckpt"); }),
              HasSubstr("checkpoint '/nowhere/a.ckpt.tmp': cannot be created: No such file"));
}

}  // namespace eprop
