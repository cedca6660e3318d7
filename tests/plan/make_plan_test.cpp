#include <gtest/gtest.h>

#include <cmath>

#include "plan/plan.hpp"

namespace eprop {
namespace {

/// Inputs, neurons and readouts of the bsshslm_2020 family, in steps of 0.5 ms.
Network interval_network() {
  Network network({.dt = 0.5, .update_interval = 10.0, .learning_window = 4.0});
  const auto in = network.add("in", 3, PoissonSource{});
  const auto rec = network.add("rec", 5, EpropIafAdaptBsshslm2020{});
  const auto out = network.add("out", 2, EpropReadoutBsshslm2020{});
  EpropSynapseBsshslm2020 slow, averaged;
  slow.tau_m_readout = 20.0;
  averaged.average_gradient = true;
  network.connect(in, rec, AllToAll{}, averaged);
  network.connect(rec, rec, AllToAll{}, slow);
  network.connect(in, rec, AllToAll{}, EpropSynapseBsshslm2020{}, "again");
  network.connect(rec, out, AllToAll{}, EpropSynapseBsshslm2020{});
  network.connect_learning_signal(out, rec, AllToAll{}, 1.0);
  const auto rates = network.add("rates", StepRates{{0.0}, {{1.0}}});
  network.connect_rate(rates, out, RateReceptor::target_signal);
  return network;
}

/// Neurons of the plus family with these delays among them, ms.
Network delayed_network(const std::vector<double>& delays) {
  Network network;
  const auto rec = network.add("rec", 4, EpropIaf{});
  for (const double delay : delays) {
    network.connect(rec, rec, AllToAll{}, EpropSynapse{.delay = delay}, std::to_string(delay));
  }
  return network;
}

}  // namespace

TEST(Plan, IsInSteps) {
  const auto timing = plan::make_plan(interval_network()).timing;
  EXPECT_EQ(timing.update_interval.value(), 20);
  EXPECT_EQ(timing.learning_window, 8);
  EXPECT_EQ(timing.exchange_interval.value(), 1);
}

TEST(Plan, TellsInputsNeuronsAndReadoutsApart) {
  const auto plan = plan::make_plan(interval_network());
  EXPECT_TRUE(std::holds_alternative<plan::Inputs>(plan.populations.at(0).role));
  const auto& neurons = std::get<plan::Neurons>(plan.populations.at(1).role);
  EXPECT_EQ(neurons.family, Family::bsshslm_2020);
  EXPECT_TRUE(neurons.adaptive);
  const auto& readouts = std::get<plan::Readouts>(plan.populations.at(2).role);
  EXPECT_FALSE(readouts.softmax);
  EXPECT_EQ(readouts.errors_kept, 24);
  EXPECT_EQ(readouts.rates.size(), 1U);
}

TEST(Plan, KnowsWhoLearnsHow) {
  const auto plan = plan::make_plan(interval_network());
  EXPECT_DOUBLE_EQ(plan.projections.at(0).gradient_scale, 1.0 / 8.0);
  EXPECT_EQ(plan.projections.at(1).gradient_scale, 1.0);
  EXPECT_EQ(plan.projections.at(1).kappa, std::exp(-0.5 / 20.0));
  EXPECT_FALSE(plan.projections.at(2).onto_readouts);
  EXPECT_TRUE(plan.projections.at(3).onto_readouts);
  EXPECT_EQ(plan.populations.at(1).incoming, (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(plan.populations.at(2).incoming, (std::vector<std::uint32_t>{3}));
}

TEST(Plan, LetsProjectionsWithOneFilterShareABackwardPass) {
  const auto plan = plan::make_plan(interval_network());
  const auto& passes = std::get<plan::Neurons>(plan.populations.at(1).role).passes;
  ASSERT_EQ(passes.size(), 2U);
  EXPECT_EQ(passes.at(0).projections, (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(passes.at(1).projections, (std::vector<std::uint32_t>{1}));
}

TEST(Plan, RemembersSpikesAsLongAsAnIntervalIsLearntFrom) {
  const auto plan = plan::make_plan(interval_network());
  EXPECT_EQ(plan.populations.at(0).spikes_kept, 24);
  EXPECT_EQ(plan.populations.at(1).spikes_kept, 24);
}

TEST(Plan, ExchangesAtTheShortestDelayAndRemembersTheLongest) {
  const auto plan = plan::make_plan(delayed_network({7.0, 3.0, 12.0}));
  EXPECT_EQ(plan.timing.exchange_interval.value(), 3);
  EXPECT_EQ(plan.populations.at(0).spikes_kept, 16);
  EXPECT_FALSE(plan.populations.at(0).learns_by_interval);
}

TEST(Plan, CountsTheDelayOfLearningSignals) {
  Network network = delayed_network({7.0});
  const auto out = network.add("out", 1, EpropReadout{});
  network.connect_learning_signal(out, {0}, AllToAll{}, 1.0, 2.0);
  EXPECT_EQ(plan::make_plan(network).timing.exchange_interval.value(), 2);
}

TEST(Plan, ExchangesEveryStepForASoftmax) {
  Network network = delayed_network({7.0});
  EpropReadoutBsshslm2020 readout;
  readout.loss = Loss::cross_entropy;
  network.add("out", 3, readout);
  const auto plan = plan::make_plan(network);
  EXPECT_EQ(plan.timing.exchange_interval.value(), 1);
  EXPECT_TRUE(std::get<plan::Readouts>(plan.populations.at(1).role).softmax);
}

TEST(Plan, OfNoDelaysExchangesEveryStep) {
  Network network;
  network.add("in", 1, PoissonSource{});
  EXPECT_EQ(plan::make_plan(network).timing.exchange_interval.value(), 1);
}

}  // namespace eprop
