#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "distributed_test.hpp"
#include "eprop/comm/launch.hpp"
#include "eprop/errors.hpp"
#include "hdf5_content.hpp"
#include "message_of.hpp"
#include "read_hdf5.hpp"
#include "refusal.hpp"
#include "results.hpp"
#include "sample_networks.hpp"
#include "scratch_file.hpp"

namespace eprop {
namespace {

using ::testing::ElementsAre;
using testing::message_of;
using testing::read_shape;
using testing::read_strings;
using testing::read_values;
using testing::refusal;
using testing::ScratchFile;
using testing::SmallNetwork;

/// Writes a file with everything that can be recorded.
void simulate(const Network& network, comm::Communicator& comm, int threads,
              const std::string& path) {
  Simulation simulation(network, comm, threads);
  simulation.open_output(path);
  testing::record_everything(simulation, network);
  simulation.record(
      {0}, {.variables = {"V_m"}, .window = {.start = 3.0, .stop = 40.0}, .name = "window"});
  for (std::uint32_t p = 0; p < network.projections().size(); ++p) {
    simulation.record_weights(
        {p}, {.synapses = p % 2 == 0 ? std::nullopt : std::optional<std::size_t>(50),
              .window = {.interval = 15.0}});
  }
  simulation.run(100);
  simulation.write_output("/training/loss", std::vector<double>{0.5, 0.25, 0.125}, 0, "mV");
  simulation.write_output("/training/phase", std::vector<std::int64_t>{1, 2, 3, 4}, 2);
  simulation.write_output_attribute("/training", "seed", 3.0);
  simulation.write_output_attribute("/training", "task", "sine waves");
  simulation.write_output_attribute("/training", "phases", std::vector<std::string>{"a", "bc"});
  simulation.run(20);
  simulation.close_output();
}

/// Neurons of all kinds of recordables, fed by Poisson sources; the first population is recurrent.
Network recurrent_first() {
  Network network({.dt = 1.0, .seed = 4, .update_interval = 15.0, .learning_window = 15.0});
  const auto adapt = network.add("adapt", 9, EpropIafAdaptBsshslm2020{});
  const auto noise = network.add("noise", 20, PoissonSource{.rate = 150.0});
  const auto out = network.add("out", 3, EpropReadoutBsshslm2020{});
  EpropSynapseBsshslm2020 synapse;
  synapse.weight = Normal{2.5, 0.5};
  network.connect(noise, adapt, FixedIndegree{.indegree = 15}, synapse);
  network.connect(adapt, out, AllToAll{}, synapse);
  network.connect_learning_signal(out, adapt, AllToAll{}, 1.0);
  return network;
}

}  // namespace

DISTRIBUTED_TEST(OutputFile, IsTheSameOnEveryLayout, RANKS(1, 2, 3, 4)) {
  const Network network = recurrent_first();
  const ScratchFile parallel(comm), serial(comm);
  simulate(network, comm, testing::threads_per_rank(), parallel.path());
  if (comm.rank() != 0) return;
  simulate(network, *comm::make_serial(), 1, serial.path());
  const auto got = testing::hdf5_content(parallel.path());
  const auto expected = testing::hdf5_content(serial.path());
  EXPECT_GT(expected.size(), 40U);
  for (const auto& [name, bytes] : expected) {
    ASSERT_TRUE(got.contains(name)) << name;
    EXPECT_TRUE(got.at(name) == bytes) << name << " differs";
  }
  EXPECT_EQ(got.size(), expected.size());
}

DISTRIBUTED_TEST(OutputFile, HoldsWhatIsKeptInMemoryWithoutOne, RANKS(1, 2, 3)) {
  const SmallNetwork small;
  const ScratchFile scratch(comm);
  const auto run = [&](bool with_file) {
    Simulation simulation(small.network, comm, testing::threads_per_rank());
    if (with_file) simulation.open_output(scratch.path());
    simulation.record_spikes(small.rec);
    simulation.record(small.rec, {.variables = {"V_m", "learning_signal"}, .neurons = {0, 3}});
    simulation.run(50);
    const auto spikes = simulation.take_spikes(small.rec);
    const auto traces = simulation.take_traces("rec");
    simulation.close_output();
    return std::pair(spikes, traces);
  };
  const auto [spikes, traces] = run(false);
  const auto [no_spikes, no_traces] = run(true);
  EXPECT_TRUE(no_spikes.times.empty() && no_traces.values.empty());
  if (comm.rank() != 0) return;
  EXPECT_FALSE(spikes.times.empty());
  const auto& path = scratch.path();
  EXPECT_EQ(read_values<double>(path, "/spikes/rec/timestamps"), spikes.times);
  EXPECT_EQ(read_values<std::uint64_t>(path, "/spikes/rec/node_ids"), spikes.neurons);
  const std::vector<std::string> variables{"V_m", "learning_signal"};
  for (std::size_t v = 0; v < 2; ++v) {
    const auto report = "/report/rec." + variables[v];
    std::vector<float> expected;
    for (std::size_t i = v; i < traces.values.size(); i += 2) {
      expected.push_back(static_cast<float>(traces.values[i]));
    }
    EXPECT_EQ(read_values<float>(path, report + "/data"), expected);
    EXPECT_THAT(read_shape(path, report + "/data"), ElementsAre(50, 2));
    EXPECT_THAT(read_strings(path, report + "/data", "units"), ElementsAre("mV"));
    EXPECT_THAT(read_strings(path, report, "variable"), ElementsAre(variables[v]));
    EXPECT_THAT(read_strings(path, report, "population"), ElementsAre("rec"));
    EXPECT_THAT(read_values<std::uint64_t>(path, report + "/mapping/node_ids"), ElementsAre(0, 3));
  }
}

DISTRIBUTED_TEST(OutputFile, SaysWhenItsReportsBeginAndEnd, RANKS(1, 2)) {
  const SmallNetwork small;
  const ScratchFile scratch(comm);
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  simulation.open_output(scratch.path());
  const auto record = [&](const std::string& name, const RecordingWindow& window) {
    simulation.record(small.rec, {.variables = {"V_m"}, .window = window, .name = name});
  };
  record("all", {});
  record("ends_early", {.stop = 20.0});
  record("sampled", {.start = 10.0, .interval = 4.0});
  record("never", {.start = 100.0});
  simulation.run(40);
  simulation.close_output();
  if (comm.rank() != 0) return;
  const auto time_of = [&](const std::string& report) {
    return read_values<double>(scratch.path(), "/report/" + report + ".V_m/mapping/time");
  };
  EXPECT_THAT(time_of("all"), ElementsAre(1, 41, 1));
  EXPECT_THAT(time_of("ends_early"), ElementsAre(1, 21, 1));
  EXPECT_THAT(time_of("sampled"), ElementsAre(14, 42, 4));  // 14, 18, ..., 38
  EXPECT_THAT(time_of("never"), ElementsAre(101, 101, 1));
  EXPECT_EQ(read_shape(scratch.path(), "/report/sampled.V_m/data")[0], 7U);
  EXPECT_EQ(read_shape(scratch.path(), "/report/never.V_m/data")[0], 0U);
}

DISTRIBUTED_TEST(OutputFile, SaysWhenReportsOfARunningSimulationBegin, RANKS(1, 2)) {
  const SmallNetwork small;
  const ScratchFile scratch(comm), checkpoint(comm);
  const auto record = [&](Simulation& simulation, const std::string& name,
                          const RecordingWindow& window) {
    simulation.record(small.rec, {.variables = {"V_m"}, .window = window, .name = name});
  };
  const auto record_all = [&](Simulation& simulation) {
    record(simulation, "all", {});
    record(simulation, "sampled", {.start = 10.0, .interval = 4.0});
    record(simulation, "ended", {.stop = 35.0});
    record(simulation, "too_late", {.stop = 20.0});
    simulation.record_weights(small.in_rec, {.window = {.interval = 12.0}});
    simulation.record_spikes(small.in);
  };
  const auto expect_times = [&](double end, double sampled_end,
                                const std::vector<double>& weights) {
    const auto time_of = [&](const std::string& report) {
      return read_values<double>(scratch.path(), "/report/" + report + ".V_m/mapping/time");
    };
    const auto rows_of = [&](const std::string& report) {
      return static_cast<double>(read_shape(scratch.path(), "/report/" + report + ".V_m/data")[0]);
    };
    EXPECT_THAT(time_of("all"), ElementsAre(31, end, 1));
    EXPECT_EQ(rows_of("all"), end - 31);
    EXPECT_THAT(time_of("sampled"), ElementsAre(34, sampled_end, 4));
    EXPECT_EQ(rows_of("sampled"), (sampled_end - 34) / 4);
    EXPECT_THAT(time_of("ended"), ElementsAre(31, 36, 1));
    EXPECT_EQ(rows_of("ended"), 5);
    EXPECT_EQ(rows_of("too_late"), 0);
    EXPECT_EQ(read_values<double>(scratch.path(), "/weights/in_rec/time"), weights);
    const auto spikes = read_values<double>(scratch.path(), "/spikes/in/timestamps");
    EXPECT_EQ(spikes.front(), 31);  // one that is sent every three steps
  };
  {
    Simulation simulation(small.network, comm, testing::threads_per_rank());
    simulation.open_output(scratch.path());
    simulation.run(30);
    record_all(simulation);
    simulation.run(10);
    simulation.save_checkpoint(checkpoint.path());
  }
  if (comm.rank() == 0) expect_times(41, 42, {36});
  comm.barrier();
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  (void)simulation.load_checkpoint(checkpoint.path());
  simulation.continue_output(scratch.path());
  record_all(simulation);
  simulation.run(10);
  simulation.close_output();
  if (comm.rank() == 0) expect_times(51, 54, {36, 48});
}

DISTRIBUTED_TEST(OutputFile, IsTakenFromAnotherJobOnlyIfItIsToBeOverwritten, RANKS(1, 2)) {
  const SmallNetwork small;
  const ScratchFile scratch(comm), checkpoint(comm);
  {
    Simulation simulation(small.network, comm, testing::threads_per_rank());
    simulation.open_output(scratch.path());
    simulation.record_spikes(small.in);
    simulation.run(40);
    simulation.save_checkpoint(checkpoint.path());
  }
  if (comm.rank() == 0) std::ofstream(scratch.path() + ".lock") << "pid = 7\nhost = another\n";
  comm.barrier();
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  (void)simulation.load_checkpoint(checkpoint.path());
  EXPECT_THAT(message_of<OutputError>([&] { simulation.continue_output(scratch.path()); }),
              ::testing::HasSubstr("is being written by process 7 on another"));
  simulation.continue_output(scratch.path(), {.overwrite = true});
  simulation.record_spikes(small.in);
  simulation.run(10);
  simulation.close_output();
  if (comm.rank() != 0) return;
  EXPECT_GT(read_values<double>(scratch.path(), "/spikes/in/timestamps").back(), 40);
  EXPECT_FALSE(std::filesystem::exists(scratch.path() + ".lock"));
}

DISTRIBUTED_TEST(OutputFile, HoldsTheWeightsInForceAtTheGivenTimes, RANKS(1, 2, 3)) {
  const SmallNetwork small;
  const ScratchFile scratch(comm);
  Simulation simulation(small.network, comm, testing::threads_per_rank());
  simulation.open_output(scratch.path());
  simulation.record_weights(small.rec_out);
  EXPECT_EQ(refusal([&] { simulation.record_weights(small.rec_out); }),
            "projection 'rec_out': recording = weights: is recorded already");
  simulation.record_weights(small.in_rec,
                            {.synapses = 10, .window = {.start = 10.0, .interval = 12.0}});
  std::vector<std::vector<double>> all, some;
  for (const Step t : {0, 10, 20, 22, 34, 40, 46, 58, 60}) {
    simulation.run(t - simulation.step());
    if (t < 60 && t % 20 == 0) all.push_back(simulation.weights(small.rec_out).weight);
    if (t % 12 == 10) some.push_back(simulation.weights(small.in_rec).weight);
  }
  const auto table = simulation.weights(small.in_rec);
  simulation.close_output();
  if (comm.rank() != 0) return;
  const auto& path = scratch.path();
  const auto expect_rows = [&](const std::string& name, const auto& rows, std::size_t columns) {
    const auto data = read_values<double>(path, "/weights/" + name + "/data");
    ASSERT_EQ(data.size(), rows.size() * columns);
    for (std::size_t i = 0; i < data.size(); ++i)
      EXPECT_EQ(data[i], rows[i / columns][i % columns]);
  };
  EXPECT_THAT(read_values<double>(path, "/weights/rec_out/time"), ElementsAre(0, 20, 40));
  expect_rows("rec_out", all, 21);
  EXPECT_THAT(read_values<double>(path, "/weights/in_rec/time"), ElementsAre(10, 22, 34, 46, 58));
  expect_rows("in_rec", some, 10);
  const auto sources = read_values<std::uint32_t>(path, "/weights/in_rec/source");
  const auto targets = read_values<std::uint32_t>(path, "/weights/in_rec/target");
  ASSERT_EQ(sources.size(), 10U);
  for (std::size_t s = 0; s < 10; ++s) {
    EXPECT_EQ(sources[s], table.source[s]);
    EXPECT_EQ(targets[s], table.target[s]);
  }
}

// A network that is drawn may have a projection without synapses.
DISTRIBUTED_TEST(OutputFile, HoldsRecordingsOfNothing, RANKS(1, 2, 3)) {
  Network network({.update_interval = 10.0, .learning_window = 10.0});
  const auto some = network.add("some", 4, IafPscDelta{});
  const auto nobody = network.add("nobody", 0, IafPscDelta{});
  const auto nothing = network.connect(some, some, PairwiseBernoulli{.p = 0.0}, StaticSynapse{});
  const ScratchFile scratch(comm), checkpoint(comm);
  const auto record = [&](Simulation& simulation) {
    simulation.record(nobody, {.variables = {"V_m"}});
    simulation.record_spikes(nobody);
    simulation.record_weights(nothing, {.window = {.interval = 5.0}});
  };
  {
    Simulation simulation(network, comm, testing::threads_per_rank());
    simulation.open_output(scratch.path());
    record(simulation);
    simulation.run(20);
    simulation.save_checkpoint(checkpoint.path());
    simulation.run(10);
  }
  Simulation simulation(network, comm, testing::threads_per_rank());
  (void)simulation.load_checkpoint(checkpoint.path());
  simulation.continue_output(scratch.path());
  record(simulation);
  simulation.run(20);
  simulation.close_output();
  if (comm.rank() != 0) return;
  const auto& path = scratch.path();
  EXPECT_THAT(read_shape(path, "/report/nobody.V_m/data"), ElementsAre(40, 0));
  EXPECT_THAT(read_values<double>(path, "/report/nobody.V_m/mapping/time"), ElementsAre(1, 41, 1));
  EXPECT_THAT(read_shape(path, "/spikes/nobody/timestamps"), ElementsAre(0));
  EXPECT_THAT(read_shape(path, "/weights/some_some/data"), ElementsAre(8, 0));
  EXPECT_THAT(read_values<double>(path, "/weights/some_some/time"),
              ElementsAre(0, 5, 10, 15, 20, 25, 30, 35));
  EXPECT_THAT(read_shape(path, "/weights/some_some/source"), ElementsAre(0));
}

DISTRIBUTED_TEST(OutputFile, IsCompleteWhenTheSimulationIsDestroyed, RANKS(1, 2)) {
  const SmallNetwork small;
  const ScratchFile scratch(comm);
  {
    Simulation simulation(small.network, comm, testing::threads_per_rank());
    simulation.open_output(scratch.path());
    simulation.record(small.out, {.variables = {"V_m"}});
    simulation.run(30);
  }
  if (comm.rank() != 0) return;
  EXPECT_THAT(read_shape(scratch.path(), "/report/out.V_m/data"), ElementsAre(30, 3));
  EXPECT_THAT(read_values<double>(scratch.path(), "/report/out.V_m/mapping/time"),
              ElementsAre(1, 31, 1));
}

DISTRIBUTED_TEST(OutputFile, IsOpenedOnceAndBeforeAnyRecording, RANKS(1, 2)) {
  const SmallNetwork small;
  const ScratchFile scratch(comm), other(comm);
  Simulation simulation(small.network, comm, 1);
  simulation.open_output(scratch.path());
  EXPECT_EQ(refusal([&] { simulation.open_output(other.path()); }),
            "output: path = " + other.path() + ": an output file is open already");
  Simulation recording(small.network, comm, 1);
  recording.record_spikes(small.rec);
  EXPECT_EQ(refusal([&] { recording.open_output(other.path()); }),
            "output: path = " + other.path() + ": must be opened before recordings are added");
}

DISTRIBUTED_TEST(OutputFile, IsCompleteWhenAnotherSimulationTakesThePlaceOfItsOwn, RANKS(1, 2)) {
  const SmallNetwork small;
  const ScratchFile scratch(comm);
  Simulation simulation(small.network, comm, 1);
  simulation.open_output(scratch.path());
  simulation.record(small.out, {.variables = {"V_m"}});
  simulation.run(30);
  simulation = Simulation(small.network, comm, 1);
  if (comm.rank() == 0) {
    EXPECT_THAT(read_shape(scratch.path(), "/report/out.V_m/data"), ElementsAre(30, 3));
  }
}

DISTRIBUTED_TEST(OutputFile, KeepsWhatIsAppendedOverSeveralResumes, RANKS(1, 2)) {
  const SmallNetwork small;
  const ScratchFile scratch(comm), checkpoint(comm);
  const auto append = [&](Simulation& simulation, double value) {
    simulation.append_output("/mine/list", std::vector<double>{value}, "mV");
  };
  {
    Simulation simulation(small.network, comm, 1);
    simulation.open_output(scratch.path());
    append(simulation, 1.0);
    simulation.save_checkpoint(checkpoint.path());
    append(simulation, 2.0);
  }
  for (int i = 0; i < 2; ++i) {  // goes on, without a word about the list at first
    Simulation simulation(small.network, comm, 1);
    (void)simulation.load_checkpoint(checkpoint.path());
    simulation.continue_output(scratch.path());
    simulation.run(10);
    simulation.save_checkpoint(checkpoint.path());
    if (i == 1) append(simulation, 3.0);
  }
  if (comm.rank() == 0) {
    EXPECT_THAT(read_values<double>(scratch.path(), "/mine/list"), ElementsAre(1.0, 3.0));
    EXPECT_EQ(read_output(scratch.path(), "/mine/list"), (std::vector<double>{1.0, 3.0}));
  }
}

}  // namespace eprop
