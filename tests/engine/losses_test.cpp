#include <gtest/gtest.h>

#include <cmath>

#include "distributed_test.hpp"
#include "refusal.hpp"
#include "results.hpp"
#include "sample_networks.hpp"
#include "scratch_file.hpp"

namespace eprop {
namespace {

using testing::refusal;
using testing::SmallNetwork;

/// The losses of all intervals, one after the other.
std::vector<double> flat(const std::vector<IntervalLoss>& losses) {
  std::vector<double> values;
  for (const auto& loss : losses) {
    for (const auto* part :
         {&loss.squared_error, &loss.cross_entropy, &loss.readout, &loss.target}) {
      values.insert(values.end(), part->begin(), part->end());
    }
  }
  return values;
}

/// A network of two softmax readouts that are to tell two phases apart.
struct Classifier {
  Network network{{.update_interval = 20.0, .learning_window = 20.0}};
  Population out;

  explicit Classifier(double E_L = 0.0) {
    const auto in = network.add("in", SpikeTrains{testing::rhythms(4, 0.0, 90.0)});
    EpropReadoutBsshslm2020 model;
    model.loss = Loss::cross_entropy;
    model.E_L = E_L;
    out = network.add("out", 2, model);
    EpropSynapseBsshslm2020 synapse;
    synapse.weight = Uniform{-0.5, 0.5};
    network.connect(in, out, AllToAll{}, synapse);
    network.connect_rate(network.add("class", StepRates{{0.0, 30.0}, {{1, 0}, {0, 1}}}), out,
                         RateReceptor::target_signal);
  }
};

/// Columns readout, target of the readouts' traces.
struct Column {
  const Traces& traces;
  std::size_t readouts;
  [[nodiscard]] double signal(std::size_t t, std::size_t k) const {
    return traces.values[(t * readouts + k) * 2];
  }
  [[nodiscard]] double target(std::size_t t, std::size_t k) const {
    return traces.values[(t * readouts + k) * 2 + 1];
  }
};

void expect_sums(const IntervalLoss& loss, const Column& traces, std::size_t first,
                 std::size_t last, bool classifies) {
  ASSERT_EQ(loss.squared_error.size(), traces.readouts);
  ASSERT_EQ(loss.cross_entropy.size(), traces.readouts);
  const auto steps = static_cast<double>(last - first);
  for (std::size_t k = 0; k < traces.readouts; ++k) {
    double squared = 0.0, entropy = 0.0, readout = 0.0, target = 0.0;
    for (std::size_t t = first; t < last; ++t) {
      squared += std::pow(traces.signal(t, k) - traces.target(t, k), 2.0);
      if (traces.target(t, k) != 0.0) {
        entropy -= traces.target(t, k) * std::log(traces.signal(t, k));
      }
      readout += traces.signal(t, k) / steps;
      target += traces.target(t, k) / steps;
    }
    EXPECT_NEAR(loss.squared_error[k], squared, 1e-12);
    EXPECT_NEAR(loss.cross_entropy[k], classifies ? entropy : 0.0, 1e-12);
    EXPECT_NEAR(loss.readout[k], readout, 1e-12);
    EXPECT_NEAR(loss.target[k], target, 1e-12);
  }
}

}  // namespace

DISTRIBUTED_TEST(Losses, AreSumsOverTheStepsOfEachInterval, RANKS(1, 2, 3, 4)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  simulation.record(small.out, {.variables = {"readout_signal", "target_signal"}});
  simulation.track_loss(small.out, {.offset = 4.0, .interval = 20.0});
  simulation.run(75);
  const auto losses = simulation.take_losses(small.out);
  const auto traces = simulation.take_traces("out");
  ASSERT_EQ(losses.size(), 3U);
  if (comm.rank() != 0) return;
  for (std::size_t m = 0; m < 3; ++m) {
    expect_sums(losses[m], {traces, 3}, 4 + 20 * m, 24 + 20 * m, false);
    EXPECT_GT(losses[m].squared_error[0], 0.0);
  }
}

DISTRIBUTED_TEST(Losses, OfClassesAreCrossEntropiesOverTheWindow, RANKS(1, 2, 3)) {
  const Classifier classifier;
  Simulation simulation(classifier.network, comm, testing::threads_per_rank());
  simulation.record(classifier.out, {.variables = {"readout_signal", "target_signal"}});
  simulation.track_loss(classifier.out, {.offset = 5.0, .interval = 25.0, .window = 10.0});
  simulation.run(60);
  const auto losses = simulation.take_losses(classifier.out);
  const auto traces = simulation.take_traces("out");
  ASSERT_EQ(losses.size(), 2U);
  if (comm.rank() != 0) return;
  expect_sums(losses[0], {traces, 2}, 20, 30, true);
  expect_sums(losses[1], {traces, 2}, 45, 55, true);
  EXPECT_GT(losses[0].cross_entropy[0], 0.0);
}

DISTRIBUTED_TEST(Losses, OfClassesDoNotDependOnHowHighAllPotentialsAre, RANKS(1, 2, 3)) {
  const auto signals_and_losses = [&](double E_L) {
    const Classifier classifier(E_L);
    Simulation simulation(classifier.network, comm, testing::threads_per_rank());
    simulation.record(classifier.out, {.variables = {"readout_signal"}, .name = "signal"});
    simulation.record(classifier.out, {.variables = {"readout_signal_unnorm"}, .name = "unnorm"});
    simulation.track_loss(classifier.out, {.offset = 4.0, .interval = 20.0});
    simulation.run(90);
    auto values = simulation.take_traces("signal").values;
    for (const auto& loss : simulation.take_losses(classifier.out)) {
      values.insert(values.end(), loss.cross_entropy.begin(), loss.cross_entropy.end());
    }
    for (const double u : simulation.take_traces("unnorm").values) {
      EXPECT_EQ(std::isinf(u), E_L > 709.0);
    }
    return values;
  };
  const auto expected = signals_and_losses(0.0);
  for (const double E_L : {-1000.0, 1000.0}) {
    const auto got = signals_and_losses(E_L);
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-10);
  }
}

DISTRIBUTED_TEST(Losses, AreFiniteWhereAProbabilityIsTooSmallForANumber, RANKS(1, 2)) {
  Network network({.update_interval = 20.0, .learning_window = 20.0});
  const auto in = network.add("in", SpikeTrains{{{10.0}}});
  EpropReadoutBsshslm2020 model;
  model.loss = Loss::cross_entropy;
  const auto out = network.add("out", 2, model);
  network.connect(in, out, AllToAll{}, StaticSynapse{Value::Array{-2000.0, 2000.0}, 1.0});
  network.connect_rate(network.add("class", StepRates{{0.0}, {{1}, {0}}}), out,
                       RateReceptor::target_signal);
  Simulation simulation(network, comm, testing::threads_per_rank());
  simulation.track_loss(out, {.offset = 4.0, .interval = 10.0});
  simulation.run(14);
  const auto losses = simulation.take_losses(out);
  ASSERT_EQ(losses.size(), 1U);
  // The potentials of steps 11 and 12 are 4000 mV apart and less; those of the eight before, none.
  const double alpha = std::exp(-1.0 / 10.0);
  EXPECT_NEAR(losses[0].cross_entropy[0], 4000.0 * (1.0 + alpha) + 8.0 * std::log(2.0), 1e-9);
}

DISTRIBUTED_TEST(Losses, AreTheSameOnEveryRankAndLayout, RANKS(1, 2, 3, 4)) {
  const Network network = testing::rich_network();
  testing::expect_same_as_serial(comm, [&](comm::Communicator& ranks, int threads) {
    Simulation simulation(network, ranks, threads);
    testing::Results results;
    for (const std::uint32_t i : {5U, 6U}) {
      simulation.track_loss({i}, {.offset = 2.0, .interval = 30.0});
    }
    simulation.run(140);
    for (const std::uint32_t i : {5U, 6U}) {
      const auto losses = simulation.take_losses({i});
      EXPECT_EQ(losses.size(), 2U);
      results.everywhere["losses of " + network.populations()[i].name] = flat(losses);
    }
    return results;
  });
}

DISTRIBUTED_TEST(Losses, AreGivenOnce, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  simulation.track_loss(small.out, {.interval = 10.0});
  simulation.run(25);
  EXPECT_EQ(simulation.take_losses(small.out).size(), 2U);
  EXPECT_TRUE(simulation.take_losses(small.out).empty());
  simulation.run(5);
  EXPECT_EQ(simulation.take_losses(small.out).size(), 1U);
}

DISTRIBUTED_TEST(Losses, BeginWithTheNextWholeInterval, RANKS(1, 2, 3)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  simulation.record(small.out, {.variables = {"readout_signal", "target_signal"}});
  simulation.run(27);
  simulation.track_loss(small.out, {.offset = 4.0, .interval = 10.0});  // 24, 34, ...
  simulation.run(28);
  const auto losses = simulation.take_losses(small.out);
  const auto traces = simulation.take_traces("out");
  ASSERT_EQ(losses.size(), 2U);
  if (comm.rank() != 0) return;
  expect_sums(losses[0], {traces, 3}, 34, 44, false);
  expect_sums(losses[1], {traces, 3}, 44, 54, false);
}

DISTRIBUTED_TEST(Losses, AreTrackedOnce, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  const auto take = [&](Population p) { return refusal([&] { (void)simulation.take_losses(p); }); };
  EXPECT_EQ(take(small.out), "loss of 'out': population = out: is not tracked");
  EXPECT_EQ(take(small.in), "loss of 'in': population = in: is not tracked");
  simulation.track_loss(small.out, {.interval = 10.0});
  simulation.run(15);
  EXPECT_EQ(refusal([&] { simulation.track_loss(small.out, {.interval = 5.0}); }),
            "loss of 'out': population = out: is tracked already");
  EXPECT_EQ(simulation.take_losses(small.out).size(), 1U);
}

DISTRIBUTED_TEST(Losses, AreThoseOfTheCheckpointOnceItIsLoaded, RANKS(1, 2)) {
  const SmallNetwork small;
  const testing::ScratchFile without(comm), with(comm);
  {
    Simulation simulation(small.network, comm, 1);
    simulation.save_checkpoint(without.path());
    simulation.track_loss(small.out, {.interval = 10.0});
    simulation.save_checkpoint(with.path());
  }
  Simulation untracked(small.network, comm, 1);
  untracked.track_loss(small.out, {.interval = 5.0});
  (void)untracked.load_checkpoint(without.path());
  EXPECT_NE(refusal([&] { (void)untracked.take_losses(small.out); }), "");
  Simulation tracked(small.network, comm, 1);
  tracked.track_loss(small.out, {.interval = 5.0});
  (void)tracked.load_checkpoint(with.path());
  tracked.run(20);
  EXPECT_EQ(tracked.take_losses(small.out).size(), 2U);
}

DISTRIBUTED_TEST(Losses, NeedReadoutsAndAnIntervalOnTheGrid, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, 1);
  const auto track = [&](Population p, const LossOptions& options) {
    return refusal([&] { simulation.track_loss(p, options); });
  };
  EXPECT_EQ(track(small.rec, {.interval = 10.0}),
            "loss of 'rec': population = rec: must be a population of readouts");
  EXPECT_EQ(track(small.out, {}), "loss of 'out': interval = 0 ms: must be at least dt = 1 ms");
  EXPECT_EQ(track(small.out, {.interval = 10.5}),
            "loss of 'out': interval = 10.5 ms: must be a multiple of dt = 1 ms");
  EXPECT_EQ(track(small.out, {.offset = -1.0, .interval = 10.0}),
            "loss of 'out': offset = -1 ms: must be >= 0");
  EXPECT_EQ(track(small.out, {.interval = 10.0, .window = 11.0}),
            "loss of 'out': window = 11 ms: must not exceed the interval, 10 ms");
}

}  // namespace eprop
