#include <gtest/gtest.h>

#include "distributed_test.hpp"
#include "read_hdf5.hpp"
#include "refusal.hpp"
#include "results.hpp"
#include "sample_networks.hpp"
#include "scratch_file.hpp"
#include "times.hpp"

namespace eprop {
namespace {

using testing::refusal;
using testing::SmallNetwork;
using Times = std::vector<double>;

/// What is recorded of the neurons in 60 steps, next to everything.
struct Recorded {
  Traces traces, all;
  Spikes spikes, all_spikes;

  Recorded(comm::Communicator& comm, TraceRecording recording) {
    const SmallNetwork small;
    recording.name = "part";
    Simulation simulation(small.network, comm, testing::threads_per_rank());
    simulation.record(small.rec, recording);
    simulation.record(small.rec, {.variables = {"V_m", "surrogate_gradient"}});
    simulation.record_spikes(small.rec,
                             {.start = recording.window.start, .stop = recording.window.stop});
    simulation.run(60);
    traces = simulation.take_traces("part");
    all = simulation.take_traces("rec");
    spikes = simulation.take_spikes(small.rec);
    Simulation again(small.network, comm, testing::threads_per_rank());
    again.record_spikes(small.rec);
    again.run(60);
    all_spikes = again.take_spikes(small.rec);
  }

  /// The potential (0) or surrogate gradient (1) of a neuron at a time in ms.
  [[nodiscard]] double at(double time, std::size_t neuron, std::size_t variable) const {
    return all.values[(static_cast<std::size_t>(time) - 1) * 14 + neuron * 2 + variable];
  }
};

Times from_to(double first, double last, double every) {
  return testing::times(first, last + 0.5, every);
}

}  // namespace

DISTRIBUTED_TEST(Recording, TakesEveryStepOfTheWindow, RANKS(1, 2, 3)) {
  const Recorded r(comm, {.variables = {"V_m"}, .window = {.start = 10.0, .stop = 25.0}});
  if (comm.rank() != 0) return;
  EXPECT_EQ(r.all.times, from_to(1.0, 60.0, 1.0));
  EXPECT_EQ(r.traces.times, from_to(11.0, 25.0, 1.0));
  ASSERT_EQ(r.traces.values.size(), 15U * 7U);
  for (std::size_t i = 0; i < r.traces.values.size(); ++i) {
    EXPECT_EQ(r.traces.values[i], r.at(r.traces.times[i / 7], i % 7, 0));
  }
}

DISTRIBUTED_TEST(Recording, SamplesInIntervals, RANKS(1, 2, 3)) {
  const Recorded r(comm, {.variables = {"V_m"}, .window = {.start = 10.0, .interval = 4.0}});
  if (comm.rank() != 0) return;
  EXPECT_EQ(r.traces.times, from_to(14.0, 58.0, 4.0));
  for (std::size_t i = 0; i < r.traces.values.size(); ++i) {
    EXPECT_EQ(r.traces.values[i], r.at(r.traces.times[i / 7], i % 7, 0));
  }
}

DISTRIBUTED_TEST(Recording, TakesTheChosenNeuronsAndVariables, RANKS(1, 2, 3, 4)) {
  const Recorded r(comm, {.variables = {"surrogate_gradient", "V_m"}, .neurons = {1, 5, 6}});
  if (comm.rank() != 0) return;
  ASSERT_EQ(r.traces.values.size(), 60U * 6U);
  const std::size_t neurons[] = {1, 5, 6};
  for (std::size_t i = 0; i < r.traces.values.size(); ++i) {
    const double time = r.traces.times[i / 6];
    EXPECT_EQ(r.traces.values[i], r.at(time, neurons[i % 6 / 2], 1 - i % 2));
  }
}

DISTRIBUTED_TEST(Recording, TakesTheSpikesOfTheWindowByTimeAndNeuron, RANKS(1, 2, 3)) {
  const Recorded r(comm, {.variables = {"V_m"}, .window = {.start = 10.0, .stop = 25.0}});
  if (comm.rank() != 0) return;
  Spikes expected;
  std::pair<double, std::uint64_t> before{0.0, 0};
  for (std::size_t i = 0; i < r.all_spikes.times.size(); ++i) {
    const std::pair spike{r.all_spikes.times[i], r.all_spikes.neurons[i]};
    EXPECT_LT(before, spike);
    before = spike;
    if (spike.first <= 10.0 || spike.first > 25.0) continue;
    expected.times.push_back(spike.first);
    expected.neurons.push_back(spike.second);
  }
  EXPECT_GT(expected.times.size(), 3U);
  EXPECT_EQ(r.spikes.times, expected.times);
  EXPECT_EQ(r.spikes.neurons, expected.neurons);
}

DISTRIBUTED_TEST(Recording, TakesSpikesOfSeveralWindowsOnce, RANKS(1, 2, 3)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  simulation.record_spikes(small.in, {.start = 5.0, .stop = 12.0});
  simulation.record_spikes(small.in, {.start = 10.0, .stop = 20.0});
  simulation.run(15);
  simulation.record_spikes(small.in, {.start = 40.0});
  simulation.run(45);
  const auto spikes = simulation.take_spikes(small.in);
  if (comm.rank() != 0) return;
  Spikes expected;
  const auto trains = testing::rhythms(6, 0.0, 60.0);
  for (const double t : testing::times(0.0, 60.0, 1.0)) {
    const double stamp = t + 1.0;
    if (!((stamp > 5.0 && stamp <= 20.0) || stamp > 40.0)) continue;
    for (std::uint64_t i = 0; i < 6; ++i) {
      if (std::count(trains[i].begin(), trains[i].end(), t) == 0) continue;
      expected.times.push_back(stamp);
      expected.neurons.push_back(i);
    }
  }
  EXPECT_GT(expected.times.size(), 20U);
  EXPECT_EQ(spikes.times, expected.times);
  EXPECT_EQ(spikes.neurons, expected.neurons);
}

DISTRIBUTED_TEST(Recording, StampsInputSpikesWithTheEndOfTheirStep, RANKS(1, 2, 3)) {
  Network network({.dt = 0.5});
  const auto in = network.add("in", SpikeTrains{{{0.0, 3.0}, {}, {2.5, 3.0}}});
  Simulation simulation(network, comm, testing::threads_per_rank());
  simulation.record_spikes(in);
  simulation.run(10);
  const auto spikes = simulation.take_spikes(in);
  if (comm.rank() != 0) return;
  EXPECT_EQ(spikes.times, (Times{0.5, 3.0, 3.5, 3.5}));
  EXPECT_EQ(spikes.neurons, (std::vector<std::uint64_t>{0, 2, 0, 2}));
}

DISTRIBUTED_TEST(Recording, IsKeptOnRank0Only, RANKS(2, 3)) {
  const Recorded r(comm, {.variables = {"V_m"}});
  EXPECT_EQ(r.all.times.empty(), comm.rank() != 0);
  EXPECT_EQ(r.all.values.empty(), comm.rank() != 0);
  EXPECT_EQ(r.all_spikes.times.empty(), comm.rank() != 0);
}

DISTRIBUTED_TEST(Recording, IsTakenPieceByPiece, RANKS(1, 2, 3)) {
  const SmallNetwork small;
  const auto record = [&](Simulation& simulation) {
    simulation.record(small.rec, {.variables = {"V_m", "surrogate_gradient"}});
    simulation.record(small.out, {.variables = {"V_m"}, .window = {.start = 12.0, .stop = 33.0}});
    simulation.record_spikes(small.rec);
    simulation.record_spikes(small.in, {.start = 12.0, .stop = 33.0});
  };
  const auto take = [&](Simulation& simulation, testing::Results& into) {
    const auto append = [&](const std::string& name, const auto& values) {
      auto& all = into.on_root[name];
      all.insert(all.end(), values.begin(), values.end());
    };
    for (const auto* report : {"rec", "out"}) {
      const auto traces = simulation.take_traces(report);
      append(std::string("times of ") + report, traces.times);
      append(std::string("values of ") + report, traces.values);
    }
    for (const auto population : {small.rec, small.in}) {
      const auto spikes = simulation.take_spikes(population);
      append("spike times of " + std::to_string(population.index), spikes.times);
      append("spikes of " + std::to_string(population.index), spikes.neurons);
    }
  };
  testing::Results expected, got;
  Simulation at_once(small.network, comm, testing::threads_per_rank());
  record(at_once);
  at_once.run(60);
  take(at_once, expected);
  Simulation stepwise(small.network, comm, testing::threads_per_rank());
  record(stepwise);
  for (const Step steps : {0, 1, 1, 10, 13, 8, 27}) {
    stepwise.run(steps);
    take(stepwise, got);
    EXPECT_TRUE(stepwise.take_traces("rec").times.empty());
    EXPECT_TRUE(stepwise.take_spikes(small.rec).times.empty());
  }
  testing::expect_identical(got, expected);
  if (comm.rank() != 0) return;
  EXPECT_EQ(got.on_root.at("times of out"), from_to(13.0, 33.0, 1.0));
  EXPECT_EQ(got.on_root.at("values of rec").size(), 60U * 14U);
  EXPECT_GT(got.on_root.at("spikes of 1").size(), 10U);
}

DISTRIBUTED_TEST(Recording, GoesOnForLongerThanBuffersHold, RANKS(1, 2)) {
  Network network;
  const auto noise = network.add("noise", 4, PoissonSource{.rate = 100.0});
  const auto rec = network.add("rec", 3, IafPscDelta{});
  network.connect(noise, rec, AllToAll{}, StaticSynapse{4.0, 20.0});
  constexpr Step steps = 9000;  // two buffers of spikes and samples, and a rest
  testing::expect_same_as_serial(comm, [&](comm::Communicator& ranks, int threads) {
    Simulation simulation(network, ranks, threads);
    auto results = testing::run_steps(simulation, network, steps);
    if (ranks.rank() == 0) {
      const auto& spikes = results.on_root.at("times of the spikes of noise");
      EXPECT_EQ(results.on_root.at("times of the traces of rec"),
                from_to(1.0, static_cast<double>(steps), 1.0));
      EXPECT_TRUE(std::is_sorted(spikes.begin(), spikes.end()));
      EXPECT_NEAR(static_cast<double>(spikes.size()), 4 * 9000 * 0.095, 300.0);
    }
    return results;
  });
}

DISTRIBUTED_TEST(Recording, OfWhatIsNotThereIsRefused, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, 1);
  const auto record = [&](Population p, const TraceRecording& recording) {
    return refusal([&] { simulation.record(p, recording); });
  };
  EXPECT_EQ(record(small.rec, {.variables = {"V_m", "voltage"}}),
            "population 'rec': variable = voltage: must be one of V_m, surrogate_gradient, "
            "learning_signal");
  EXPECT_EQ(record(small.rec, {.variables = {"learning_signals"}}),
            "population 'rec': variable = learning_signals: must be one of V_m, "
            "surrogate_gradient, learning_signal; did you mean learning_signal?");
  EXPECT_EQ(record(small.rec, {.variables = {"eprop_history_duration"}}),
            "population 'rec': variable = eprop_history_duration: has no counterpart: archives do "
            "not grow");
  EXPECT_EQ(record(small.rec, {}), "population 'rec': variables = none: name at least one");
  EXPECT_EQ(record(small.rec, {.variables = {"V_m", "learning_signal", "V_m"}}),
            "population 'rec': variable = V_m: is named twice");
  EXPECT_EQ(record(small.rec, {.variables = {"V_m"}, .name = "a/b"}),
            "population 'rec': report = a/b: must not contain '/'");
  EXPECT_EQ(record(small.in, {.variables = {"V_m"}}),
            "population 'in': recording = traces: inputs have no state");
  EXPECT_EQ(record(small.rec, {.variables = {"V_m"}, .neurons = {2, 7}}),
            "population 'rec': recorded neuron = 7: must be below the population's size 7");
  EXPECT_EQ(record(small.rec, {.variables = {"V_m"}, .neurons = {2, 2}}),
            "population 'rec': recorded neuron = 2: neurons must be in ascending order");
  EXPECT_EQ(refusal([&] { simulation.record_spikes(small.out); }),
            "population 'out': recording = spikes: readouts do not spike");
  EXPECT_EQ(refusal([&] { (void)simulation.take_spikes(small.rec); }),
            "population 'rec': recorded spikes = none: its spikes are not recorded");
  EXPECT_EQ(refusal([&] { (void)simulation.take_traces("rec"); }),
            "report: name = rec: no traces are recorded");
  simulation.record(small.rec, {.variables = {"V_m"}, .name = "membranes"});
  EXPECT_EQ(refusal([&] { (void)simulation.take_traces("rec"); }),
            "report: name = rec: must be one of membranes");
  EXPECT_EQ(refusal([&] { (void)simulation.take_traces("membrane"); }),
            "report: name = membrane: must be one of membranes; did you mean membranes?");
}

DISTRIBUTED_TEST(Recording, TwiceUnderTheSameNameIsRefused, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, 1);
  simulation.record(small.rec, {.variables = {"V_m"}});
  simulation.record(small.rec, {.variables = {"V_m"}, .name = "other"});
  EXPECT_EQ(refusal([&] { simulation.record(small.rec, {.variables = {"V_m"}}); }),
            "population 'rec': report = rec: is recorded already");
}

DISTRIBUTED_TEST(Recording, OfWeightsNeedsAFile, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, 1);
  EXPECT_EQ(refusal([&] { simulation.record_weights(small.in_rec); }),
            "projection 'in_rec': recording = weights: needs an output file: open_output() first");
}

DISTRIBUTED_TEST(Recording, InWindowsWithoutTimeIsRefused, RANKS(1, 3)) {
  const SmallNetwork small;
  const testing::ScratchFile scratch(comm);
  Simulation simulation(small.network, comm, 1);
  simulation.open_output(scratch.path());
  const auto expect_refused = [&](const RecordingWindow& window, const std::string& message) {
    EXPECT_EQ(refusal([&] { simulation.record_spikes(small.rec, window); }),
              "population 'rec': " + message);
    EXPECT_EQ(refusal([&] {
                simulation.record(small.rec, {{"V_m"}, {}, window, {}});
              }),
              "population 'rec': " + message);
    EXPECT_EQ(refusal([&] { simulation.record_weights(small.in_rec, {.window = window}); }),
              "projection 'in_rec': " + message);
  };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                   infinite = std::numeric_limits<double>::infinity();
  expect_refused({.start = 10.0, .stop = 5.0},
                 "recording stop = 5 ms: must be above recording start = 10 ms");
  expect_refused({.start = 10.0, .stop = 10.0},
                 "recording stop = 10 ms: must be above recording start = 10 ms");
  expect_refused({.stop = 0.0}, "recording stop = 0 ms: must be above recording start = 0 ms");
  expect_refused({.stop = nan}, "recording stop = nan ms: must be finite");
  expect_refused({.stop = -infinite}, "recording stop = -inf ms: must be finite");
  expect_refused({.start = nan}, "recording start = nan ms: must be finite");
  expect_refused({.start = infinite}, "recording start = inf ms: must be finite");
}

DISTRIBUTED_TEST(Recording, OfWhatIsNeverSampledIsRefused, RANKS(1, 3)) {
  const SmallNetwork small;
  const testing::ScratchFile scratch(comm);
  Simulation simulation(small.network, comm, 1);
  simulation.open_output(scratch.path());
  EXPECT_EQ(refusal([&] {
              simulation.record(
                  small.rec,
                  {.variables = {"V_m"}, .window = {.start = 10.0, .stop = 15.0, .interval = 6.0}});
            }),
            "population 'rec': recording interval = 6 ms: must not be longer than the window from "
            "10 to 15 ms");
  simulation.record(
      small.rec, {.variables = {"V_m"}, .window = {.start = 10.0, .stop = 16.0, .interval = 6.0}});
  // The first weights are those of the start.
  simulation.record_weights(small.in_rec,
                            {.window = {.start = 10.0, .stop = 15.0, .interval = 6.0}});
  EXPECT_EQ(
      refusal([&] { simulation.record_spikes(small.rec, {.interval = 4.0}); }),
      "population 'rec': recording interval = 4 ms: must not be given: spikes are recorded in "
      "every step");
  EXPECT_EQ(refusal([&] { simulation.record_weights(small.rec_rec, {.synapses = 0}); }),
            "projection 'rec_rec': recorded synapses = 0: must be >= 1");
  simulation.run(20);
  simulation.close_output();
  if (comm.rank() != 0) return;
  EXPECT_EQ(testing::read_values<double>(scratch.path(), "/report/rec.V_m/mapping/time"),
            (Times{16.0, 22.0, 6.0}));
  EXPECT_EQ(testing::read_values<double>(scratch.path(), "/weights/in_rec/time"), Times{10.0});
}

DISTRIBUTED_TEST(Recording, OfNoNeuronsHasTimesWithoutValues, RANKS(1, 2, 3)) {
  Network network;
  const auto nobody = network.add("nobody", 0, IafPscDelta{});
  Simulation simulation(network, comm, testing::threads_per_rank());
  simulation.record(nobody, {.variables = {"V_m"}});
  simulation.record_spikes(nobody);
  simulation.run(5);
  const auto traces = simulation.take_traces("nobody");
  EXPECT_EQ(traces.times, comm.rank() == 0 ? from_to(1.0, 5.0, 1.0) : Times{});
  EXPECT_TRUE(traces.values.empty());
  EXPECT_TRUE(simulation.take_spikes(nobody).times.empty());
}

DISTRIBUTED_TEST(Recording, WindowsLieOnTheGrid, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, 1);
  const auto record = [&](const RecordingWindow& window) {
    return refusal([&] { simulation.record(small.rec, {.variables = {"V_m"}, .window = window}); });
  };
  const std::string rule = " ms: must be a multiple of dt = 1 ms";
  EXPECT_EQ(record({.start = 0.5}), "population 'rec': recording start = 0.5" + rule);
  EXPECT_EQ(record({.stop = 0.5}), "population 'rec': recording stop = 0.5" + rule);
  EXPECT_EQ(record({.interval = 0.5}), "population 'rec': recording interval = 0.5" + rule);
  EXPECT_EQ(record({.start = -1.0}), "population 'rec': recording start = -1 ms: must be >= 0");
}

}  // namespace eprop
