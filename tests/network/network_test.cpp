#include "eprop/network.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "refusal.hpp"
#include "special_values.hpp"

namespace eprop {
namespace {

using testing::not_a_number;
using testing::refusal;

std::string options(const NetworkOptions& o) {
  return refusal([&] { const Network network(o); });
}

TEST(NetworkOptions, MayBeLeftOut) {
  for (const Network& network : {Network(), Network({}), Network(NetworkOptions{})}) {
    EXPECT_EQ(network.options().dt, 1.0);
    EXPECT_EQ(network.options().update_interval, 1000.0);
  }
  EXPECT_EQ(Network({.dt = 0.5}).options().dt, 0.5);
}

TEST(NetworkOptions, ResolutionMustBePositive) {
  const std::string rule = " ms: must be > 0 and finite";
  EXPECT_EQ(options({.dt = 0.0}), "network: dt = 0" + rule);
  EXPECT_EQ(options({.dt = -0.1}), "network: dt = -0.1" + rule);
  EXPECT_EQ(options({.dt = not_a_number}), "network: dt = nan" + rule);
  EXPECT_EQ(options({.dt = 0.1}), "");
}

TEST(NetworkOptions, UpdateIntervalIsAWholeNumberOfAtLeastThreeSteps) {
  EXPECT_EQ(options({.update_interval = 0.0, .learning_window = 1.0}),
            "network: update_interval = 0 ms: must be at least 3 steps of dt = 1 ms");
  EXPECT_EQ(options({.update_interval = 2.0, .learning_window = 1.0}),
            "network: update_interval = 2 ms: must be at least 3 steps of dt = 1 ms");
  EXPECT_EQ(options({.update_interval = 10.5, .learning_window = 1.0}),
            "network: update_interval = 10.5 ms: must be a multiple of dt = 1 ms");
  EXPECT_EQ(options({.update_interval = 3.0, .learning_window = 3.0}), "");
}

TEST(NetworkOptions, LearningWindowFitsIntoTheUpdateInterval) {
  EXPECT_EQ(options({.update_interval = 10.0, .learning_window = 11.0}),
            "network: learning_window = 11 ms: must not exceed update_interval = 10 ms");
  EXPECT_EQ(options({.update_interval = 10.0, .learning_window = 0.0}),
            "network: learning_window = 0 ms: must be at least dt = 1 ms");
  EXPECT_EQ(options({.update_interval = 10.0, .learning_window = 2.5}),
            "network: learning_window = 2.5 ms: must be a multiple of dt = 1 ms");
  EXPECT_EQ(options({.update_interval = 10.0, .learning_window = 10.0}), "");
}

TEST(NetworkOptions, WindowIsTheUpdateIntervalUnlessGiven) {
  EXPECT_EQ(Network().options().learning_window, 1000.0);
  EXPECT_EQ(options({.update_interval = 500.0}), "");
  EXPECT_EQ(Network({.update_interval = 500.0}).options().learning_window, 500.0);
  EXPECT_EQ(Network({.update_interval = 3000.0}).options().learning_window, 3000.0);
  EXPECT_EQ(Network({.learning_window = 100.0}).options().learning_window, 100.0);
}

TEST(NetworkOptions, UpdateIntervalIsAboutASecondUnlessGiven) {
  EXPECT_EQ(Network({.dt = 0.1}).options().update_interval, 1000.0);
  EXPECT_DOUBLE_EQ(*Network({.dt = 0.3}).options().update_interval, 999.9);
  EXPECT_EQ(Network({.dt = 600.0}).options().update_interval, 1800.0);
  EXPECT_EQ(options({.dt = 0.3, .update_interval = 1000.0}),
            "network: update_interval = 1000 ms: must be a multiple of dt = 0.3 ms");
}

TEST(NetworkNames, AreUniqueAmongEverythingInTheNetwork) {
  Network network;
  const auto a = network.add("a", 1, IafPscDelta{});
  (void)network.add("rate", StepRates{{0.0}, {{1.0}}});
  network.connect(a, a, AllToAll{}, StaticSynapse{}, "loop");
  const std::map<std::string, std::string> names{
      {"a", "population"}, {"rate", "rate generator"}, {"loop", "projection"}};
  for (const auto& name : names) {
    const std::string& taken = name.first;
    const std::string message =
        "network: name = " + taken + ": is taken by a " + name.second + ", choose another";
    EXPECT_EQ(refusal([&] { network.add(taken, 1, IafPscDelta{}); }), message);
    EXPECT_EQ(refusal([&] { network.add(taken, SpikeTrains{}); }), message);
    EXPECT_EQ(refusal([&] { network.add(taken, 1, PoissonSource{}); }), message);
    EXPECT_EQ(refusal([&] { (void)network.add(taken, StepRates{}); }), message);
    EXPECT_EQ(refusal([&] { network.connect(a, a, AllToAll{}, StaticSynapse{}, taken); }), message);
  }
  EXPECT_EQ(network.populations().size(), 1U);
}

TEST(NetworkNames, AreNeitherEmptyNorPaths) {
  Network network;
  const std::string rule = ": must not be empty or '.', or contain '/' or control characters";
  EXPECT_EQ(refusal([&] { network.add("", 1, IafPscDelta{}); }), "network: name = ''" + rule);
  EXPECT_EQ(refusal([&] { network.add("a/b", SpikeTrains{}); }), "network: name = 'a/b'" + rule);
  EXPECT_EQ(refusal([&] { network.add(".", SpikeTrains{}); }), "network: name = '.'" + rule);
  EXPECT_EQ(refusal([&] { network.add("a\n", SpikeTrains{}); }), "network: name = 'a\n'" + rule);
  const std::string with_zero("a\0b", 3);
  EXPECT_EQ(refusal([&] { network.add(with_zero, SpikeTrains{}); }),
            "network: name = 'a?b'" + rule);
}

TEST(NetworkNames, OfProjectionsDefaultToSourceAndTarget) {
  Network network;
  const auto a = network.add("a", 1, IafPscDelta{});
  const auto b = network.add("b", 1, IafPscDelta{});
  network.connect(a, b, AllToAll{}, StaticSynapse{});
  EXPECT_EQ(network.projections().front().name, "a_b");
  EXPECT_EQ(refusal([&] { network.connect(a, b, AllToAll{}, StaticSynapse{}); }),
            "network: name = a_b: is taken by a projection, choose another");
}

TEST(Network, ReadoutsAreNoSourceOfSpikes) {
  Network network;
  const auto neurons = network.add("rec", 2, EpropIafBsshslm2020{});
  const auto readouts = network.add("out", 2, EpropReadoutBsshslm2020{});
  EXPECT_EQ(
      refusal([&] { network.connect(readouts, neurons, AllToAll{}, StaticSynapse{}); }),
      "projection 'out_rec': source = out: must spike, and eprop_readout_bsshslm_2020 does not; "
      "its errors go by connect_learning_signal()");
}

TEST(Network, RefusesHandlesOfOtherNetworks) {
  Network network;
  const auto rec = network.add("rec", 2, EpropIaf{});
  const auto out = network.add("out", 2, EpropReadout{});
  const auto rate = network.add("rate", StepRates{{0.0}, {{1.0}}});
  const Population foreign{7};
  const std::string message =
      "network: population = 7: must be a handle of this network, which has 2 of them";
  EXPECT_EQ(refusal([&] { network.connect(foreign, rec, AllToAll{}, StaticSynapse{}); }), message);
  EXPECT_EQ(refusal([&] { network.connect(rec, foreign, AllToAll{}, StaticSynapse{}); }), message);
  EXPECT_EQ(refusal([&] { network.connect_learning_signal(foreign, rec, AllToAll{}, 1.0); }),
            message);
  EXPECT_EQ(refusal([&] { network.connect_learning_signal(out, foreign, AllToAll{}, 1.0); }),
            message);
  EXPECT_EQ(refusal([&] { network.connect_rate(rate, foreign, RateReceptor::target_signal); }),
            message);
  EXPECT_EQ(refusal([&] { network.connect_rate({1}, out, RateReceptor::target_signal); }),
            "network: rate generator = 1: must be a handle of this network, which has 1 of them");
}

TEST(Network, InputsAreNoTargets) {
  Network network;
  const auto neurons = network.add("rec", 2, EpropIafBsshslm2020{});
  const auto in = network.add("in", 2, PoissonSource{});
  EXPECT_EQ(
      refusal([&] { network.connect(neurons, in, AllToAll{}, StaticSynapse{}); }),
      "projection 'rec_in': target = in: must be a population of neurons, and is one of inputs");
}

struct LearningSignals : ::testing::Test {
  Network network;
  Population rec = network.add("rec", 3, EpropIafBsshslm2020{});
  Population out = network.add("out", 2, EpropReadoutBsshslm2020{});
  Population plus = network.add("plus", 3, EpropIaf{});
  Population none = network.add("none", 3, IafPscDelta{});
  Population in = network.add("in", 2, PoissonSource{});

  std::string connect(Population from, Population to, Value weight = 1.0, double delay = 1.0) {
    return refusal(
        [&] { network.connect_learning_signal(from, to, AllToAll{}, std::move(weight), delay); });
  }
};

TEST_F(LearningSignals, ComeFromReadouts) {
  EXPECT_EQ(
      connect(rec, rec),
      "learning signal 'rec_rec': source = rec: must be a population of readouts, and is one of "
      "eprop_iaf_bsshslm_2020");
  EXPECT_EQ(connect(in, rec),
            "learning signal 'in_rec': source = in: must be a population of neurons, and is one of "
            "inputs");
}

TEST_F(LearningSignals, ReachRecurrentNeuronsOfTheSameFamily) {
  EXPECT_EQ(connect(out, out),
            "learning signal 'out_out': target = out: must be a population of recurrent e-prop "
            "neurons, and is one of eprop_readout_bsshslm_2020");
  EXPECT_EQ(connect(out, none),
            "learning signal 'out_none': target = none: must be a population of recurrent e-prop "
            "neurons, and is one of iaf_psc_delta");
  EXPECT_EQ(
      connect(out, plus),
      "learning signal 'out_plus': target = plus: must be of the e-prop family of its readouts, "
      "and eprop_iaf and eprop_readout_bsshslm_2020 differ");
  EXPECT_EQ(connect(out, rec), "");
}

TEST_F(LearningSignals, HaveFiniteWeightsOfTheRightNumber) {
  EXPECT_EQ(connect(out, rec, not_a_number),
            "learning signal 'out_rec': weight = nan pA: must be finite");
  EXPECT_EQ(connect(out, rec, Value::Array(5, 1.0)),
            "learning signal 'out_rec': weight = array of 5 values: must have 6, in the order "
            "[target][source] of the connection rule");
  EXPECT_EQ(connect(out, rec, 1e6), "");
}

TEST_F(LearningSignals, OfIntervalLearningTakeOneStep) {
  EXPECT_EQ(
      connect(out, rec, 1.0, 2.0),
      "learning signal 'out_rec': delay = 2 ms: bsshslm_2020 learning signals take one step, dt = "
      "1 ms; leave it out");
  EXPECT_EQ(connect(out, rec, 1.0, 0.5),
            "learning signal 'out_rec': delay = 0.5 ms: must be a multiple of dt = 1 ms");
}

struct Rates : ::testing::Test {
  Network network;
  Population rec = network.add("rec", 3, EpropIafBsshslm2020{});
  Population out = network.add("out", 2, EpropReadoutBsshslm2020{});
  Population plus_out = network.add("plus_out", 2, EpropReadout{});

  RateGenerator generators(const std::string& name, std::size_t n) {
    return network.add(name, StepRates{{0.0}, std::vector<std::vector<double>>(n, {1.0})});
  }
};

TEST_F(Rates, FeedReadouts) {
  const auto g = generators("g", 1);
  EXPECT_EQ(refusal([&] { network.connect_rate(g, rec, RateReceptor::target_signal); }),
            "rate generator 'g': readout = rec: must be a population of readouts, and is one of "
            "eprop_iaf_bsshslm_2020");
}

TEST_F(Rates, AreOneForAllReadoutsOrOneForEach) {
  const auto three = generators("g", 3);
  EXPECT_EQ(refusal([&] { network.connect_rate(three, out, RateReceptor::target_signal); }),
            "rate generator 'g': generators = 3: must be 1, or one for each of the 2 readouts");
  EXPECT_EQ(refusal([&] {
              network.connect_rate(generators("one", 1), out, RateReceptor::target_signal);
            }),
            "");
  EXPECT_EQ(refusal([&] {
              network.connect_rate(generators("two", 2), plus_out, RateReceptor::target_signal);
            }),
            "");
}

TEST_F(Rates, FeedTheLearningWindowOfContinuousLearningOnly) {
  const auto g = generators("g", 1);
  EXPECT_EQ(
      refusal([&] { network.connect_rate(g, out, RateReceptor::learning_window); }),
      "rate generator 'g': receptor = learning_window: belongs to eprop_readout; bsshslm_2020 "
      "readouts take NetworkOptions::learning_window");
  EXPECT_EQ(refusal([&] { network.connect_rate(g, plus_out, RateReceptor::learning_window); }), "");
}

TEST_F(Rates, FeedAReceptorOnce) {
  network.connect_rate(generators("a", 1), plus_out, RateReceptor::target_signal);
  network.connect_rate(generators("b", 1), plus_out, RateReceptor::learning_window);
  EXPECT_EQ(refusal([&] {
              network.connect_rate(generators("c", 1), plus_out, RateReceptor::target_signal);
            }),
            "rate generator 'c': readout = plus_out: has a target signal already, from rate "
            "generator 'a'");
}

}  // namespace
}  // namespace eprop
