#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "distributed_test.hpp"
#include "eprop/comm/launch.hpp"
#include "eprop/errors.hpp"
#include "eprop/simulation.hpp"
#include "file_bytes.hpp"
#include "hdf5_content.hpp"
#include "message_of.hpp"
#include "refusal.hpp"
#include "results.hpp"
#include "sample_networks.hpp"
#include "scratch_file.hpp"

// Replicas of a network simulate the samples of a batch side by side; nothing shows it.
namespace eprop {
namespace {

using testing::hdf5_content;
using testing::message_of;
using testing::Results;
using testing::ScratchFile;
using testing::SmallNetwork;
using testing::SmallOptions;

constexpr Step batch = 8, interval = 20, lead = 4;

Adam adam() {
  Adam optimizer;
  optimizer.eta = 0.02;
  optimizer.batch_size = batch;
  return optimizer;
}

SmallOptions in_batches(const Optimizer& optimizer = adam()) {
  return {.duration = 5 * batch * interval, .optimizer = optimizer};
}

/// All numbers of replicas that a job may ask for, with as many threads on a rank as told.
std::vector<SimulationOptions> possible_options(int ranks, int threads) {
  std::vector<SimulationOptions> all;
  for (int replicas = 2; replicas <= batch / 2; ++replicas) {
    if (ranks % replicas == 0 || replicas == ranks * threads) all.push_back({threads, replicas});
  }
  return all;
}

std::vector<double> numbers(const std::vector<IntervalLoss>& losses) {
  std::vector<double> all;
  for (const auto& loss : losses) {
    for (const auto* values : {&loss.squared_error, &loss.readout, &loss.target}) {
      all.insert(all.end(), values->begin(), values->end());
    }
  }
  return all;
}

/// Everything that a simulation can be asked for, in the course of some batches.
class Course {
 public:
  Course(const SmallNetwork& small, Simulation& simulation)
      : small_(small), simulation_(simulation) {}

  /// From the begin into the third batch; some samples are recorded.
  void begin(const std::string& output) {
    simulation_.open_output(output);
    record();
    simulation_.track_loss(small_.out, {.offset = lead, .interval = interval, .window = 15.0});
    look("at first");
    simulation_.run(batch * interval + lead);
    look("after a batch");
    simulation_.set_learning_rate(small_.in_rec, 0.05, RateChange::running_interval);
    simulation_.append_spikes(small_.in, testing::rhythms(6, 500.0, 700.0));
    simulation_.run(batch * interval + 33);
    look("within a batch");
  }
  /// Through the rest of that batch, two whole ones, and a bit more.
  void end() {
    simulation_.run(3 * batch * interval + 7);
    look("in the end");
    simulation_.close_output();
  }
  void record() {
    simulation_.record_weights(small_.in_rec, {.window = {.interval = 10.0}});
    simulation_.record_spikes(small_.rec, {.start = 0.0, .stop = 50.0});
    simulation_.record_spikes(small_.in, {.start = 210.0, .stop = 230.0});
    simulation_.record(small_.out, {.variables = {"V_m", "error_signal"},
                                    .window = {.start = 195.0, .stop = 205.0}});
    simulation_.record(small_.rec, {.variables = {"V_m", "surrogate_gradient", "learning_signal"},
                                    .window = {.start = 520.0, .stop = 530.0, .interval = 2.0},
                                    .name = "late"});
  }

  Results results;

 private:
  void look(const std::string& when) {
    auto& seen = results.everywhere;
    for (const auto projection : {small_.in_rec, small_.rec_rec, small_.rec_out}) {
      seen[when + ": weights " + std::to_string(projection.index)] =
          testing::weights_of(simulation_, projection);
    }
    seen[when + ": V_m"] = simulation_.state(small_.rec, "V_m");
    seen[when + ": psi"] = simulation_.state(small_.rec, "surrogate_gradient");
    for (const auto* variable : {"V_m", "readout_signal", "target_signal", "error_signal"}) {
      seen[when + ": " + variable] = simulation_.state(small_.out, variable);
    }
    if (when != "at first") seen[when + ": losses"] = numbers(simulation_.take_losses(small_.out));
  }

  const SmallNetwork& small_;
  Simulation& simulation_;
};

using Content = std::map<std::string, std::string>;

void expect_same_content(const Content& got, const Content& expected) {
  for (const auto& [path, bytes] : expected) {
    const auto found = got.find(path);
    EXPECT_TRUE(found != got.end() && found->second == bytes) << path;
  }
  EXPECT_EQ(got.size(), expected.size());
}

struct Outcome {
  Results results;
  Content output;  ///< on rank 0, as the checkpoint
  std::vector<std::byte> checkpoint;
};

Outcome outcome_of(comm::Communicator& comm, const SmallNetwork& small,
                   const SimulationOptions& options) {
  const ScratchFile output(comm), checkpoint(comm);
  Simulation simulation(small.network, comm, options);
  Course course(small, simulation);
  course.begin(output.path());
  simulation.save_checkpoint(checkpoint.path());
  course.end();
  Outcome outcome{course.results, {}, {}};
  if (comm.rank() == 0) {
    outcome.output = hdf5_content(output.path());
    outcome.checkpoint = testing::read_bytes(checkpoint.path());
  }
  return outcome;
}

std::string described(const SimulationOptions& options) {
  return std::to_string(options.replicas) + " replicas, " + std::to_string(options.threads) +
         " threads on a rank";
}

void expect_same_outcome(comm::Communicator& comm, const SmallNetwork& small) {
  Outcome expected;
  if (comm.rank() == 0) expected = outcome_of(*comm::make_serial(), small, {});
  for (const auto& options : possible_options(comm.size(), testing::threads_per_rank())) {
    SCOPED_TRACE(described(options));
    const auto outcome = outcome_of(comm, small, options);
    if (comm.rank() != 0) continue;
    testing::expect_identical(outcome.results, expected.results);
    expect_same_content(outcome.output, expected.output);
    EXPECT_TRUE(outcome.checkpoint == expected.checkpoint);
  }
}

TEST(Replicas, CountInTheMemoryWithoutTheSynapsesThatTheyShare) {
  const auto comm = comm::make_serial();
  const SmallNetwork small(in_batches());
  const auto bytes_of = [&](int threads, int replicas) {
    return Simulation(small.network, *comm, {.threads = threads, .replicas = replicas})
        .statistics()
        .bytes;
  };
  const auto one = bytes_of(1, 1), four = bytes_of(4, 4);
  EXPECT_EQ(four.synapses, one.synapses);
  EXPECT_EQ(four.neurons, 4 * one.neurons);
  EXPECT_EQ(four.archives, 4 * one.archives);
  EXPECT_EQ(four.spikes, 4 * one.spikes);
}

}  // namespace

DISTRIBUTED_TEST(Replicas, DoNotShow, RANKS(1, 2, 3, 4)) {
  expect_same_outcome(comm, SmallNetwork(in_batches()));
}

DISTRIBUTED_TEST(Replicas, DoNotShowWhereSynapsesMoveByTheGradientAlone, RANKS(1, 2)) {
  GradientDescent descent;
  descent.eta = 0.3;
  descent.batch_size = batch;
  expect_same_outcome(comm, SmallNetwork(in_batches(descent)));
}

DISTRIBUTED_TEST(Replicas, GiveEveryRankTheSame, RANKS(2, 4)) {
  const SmallNetwork small(in_batches());
  for (const auto& options : possible_options(comm.size(), testing::threads_per_rank())) {
    testing::expect_same_as_serial(comm, [&](comm::Communicator& ranks, int) {
      const bool alone = ranks.size() == 1;
      return outcome_of(ranks, small, alone ? SimulationOptions{} : options).results;
    });
  }
}

// From these replicas to none and to others.
DISTRIBUTED_TEST(Replicas, GoOnFromACheckpointOfAnyOthers, RANKS(1, 2, 4)) {
  const SmallNetwork small(in_batches());
  const int threads = testing::threads_per_rank();
  auto all = possible_options(comm.size(), threads);
  all.push_back({threads, 1});
  const ScratchFile undisturbed(comm);
  Results expected;
  {
    Simulation simulation(small.network, comm, threads);
    Course course(small, simulation);
    course.begin(undisturbed.path());
    course.results = {};
    course.end();
    expected = course.results;
  }
  for (const auto& before : all) {
    const ScratchFile output(comm), checkpoint(comm);
    {
      Simulation simulation(small.network, comm, before);
      Course course(small, simulation);
      course.begin(output.path());
      simulation.save_checkpoint(checkpoint.path());
    }
    const auto& after = all[(&before - all.data() + 1) % all.size()];
    SCOPED_TRACE(described(before) + ", then " + described(after));
    Simulation simulation(small.network, comm, after);
    EXPECT_EQ(simulation.load_checkpoint(checkpoint.path()), "");
    simulation.continue_output(output.path());
    Course course(small, simulation);
    course.record();
    course.end();
    testing::expect_identical(course.results, expected);
    if (comm.rank() == 0) {
      expect_same_content(hdf5_content(output.path()), hdf5_content(undisturbed.path()));
    }
  }
}

DISTRIBUTED_TEST(Replicas, DivergeAsOneWould, RANKS(1, 2, 4)) {
  GradientDescent beyond_reason;
  beyond_reason.eta = 1e200;
  beyond_reason.batch_size = batch;
  beyond_reason.Wmin = -1e308;
  beyond_reason.Wmax = 1e308;
  const SmallNetwork small(in_batches(beyond_reason));
  const auto end_of = [&](comm::Communicator& ranks, const SimulationOptions& options) {
    Simulation simulation(small.network, ranks, options);
    return message_of<Diverged>([&] { simulation.run(3 * batch * interval + lead); });
  };
  const auto expected = end_of(comm, {testing::threads_per_rank(), 1});
  EXPECT_NE(expected, "");
  for (const auto& options : possible_options(comm.size(), testing::threads_per_rank())) {
    EXPECT_EQ(end_of(comm, options), expected) << described(options);
  }
}

DISTRIBUTED_TEST(Replicas, RefuseWhatOneRefuses, RANKS(2, 4)) {
  const SmallNetwork small(in_batches());
  const ScratchFile none(comm);
  Simulation simulation(small.network, comm, {1, 2});
  EXPECT_EQ(testing::refusal([&] { simulation.record(small.in, {.variables = {"V_m"}}); }),
            "population 'in': recording = traces: inputs have no state");
  EXPECT_NE(message_of<CheckpointError>([&] { (void)simulation.load_checkpoint(none.path()); }),
            "");
  EXPECT_NE(message_of<OutputError>([&] { simulation.open_output("/no/such/folder/output.h5"); }),
            "");
  simulation.run(batch * interval + lead);
  EXPECT_EQ(simulation.step(), batch * interval + lead);
}

DISTRIBUTED_TEST(Replicas, AreRefusedInNumbersThatDoNotFit, RANKS(1, 2, 4)) {
  const SmallNetwork small(in_batches());
  const auto refusal = [&](int replicas) {
    return testing::refusal([&] { Simulation(small.network, comm, {1, replicas}); });
  };
  const std::string about = "simulation: replicas = ";
  EXPECT_EQ(refusal(0), about + "0: must be >= 1 and at most half the batch of 8 samples");
  EXPECT_EQ(refusal(5), about + "5: must be >= 1 and at most half the batch of 8 samples");
  const auto ranks = std::to_string(comm.size());
  EXPECT_EQ(refusal(3), about + "3: must be the number of threads on all ranks, " + ranks +
                            ", or divide that of ranks, " + ranks +
                            ", with as many ranks for each");
}

DISTRIBUTED_TEST(Replicas, NeedLossesOfSamples, RANKS(2)) {
  const SmallNetwork small(in_batches());
  Simulation simulation(small.network, comm, {1, 2});
  const auto refusal = [&](const LossOptions& options) {
    return testing::refusal([&] { simulation.track_loss(small.out, options); });
  };
  EXPECT_EQ(refusal({.offset = 4.0, .interval = 40.0}),
            "loss of 'out': interval = 40 ms: must be the update interval, 20 ms, with replicas");
  EXPECT_EQ(refusal({.offset = 5.0, .interval = 20.0}),
            "loss of 'out': offset = 5 ms: must be 4 ms, and a multiple of the update interval "
            "more, with replicas");
}

DISTRIBUTED_TEST(Replicas, AreChosenAsTheBatchAndTheJobAllow, RANKS(1)) {
  const SmallNetwork small(in_batches());
  const auto choice = [&](int ranks, int threads) {
    return most_replicas(small.network, ranks, threads);
  };
  EXPECT_EQ(choice(1, 1).replicas, 1);
  EXPECT_EQ(choice(1, 1).reason, "");
  EXPECT_EQ(choice(2, 2).replicas, 4);
  EXPECT_EQ(choice(2, 2).reason, "");
  EXPECT_EQ(choice(6, 1).replicas, 3);
  EXPECT_EQ(choice(6, 1).reason, "a batch of 8 samples has work for 4");
  EXPECT_EQ(choice(1, 8).replicas, 1);
  EXPECT_EQ(testing::refusal([&] { (void)choice(3, 1238449751); }),
            "simulation: threads = 1238449751: must be >= 1 and at most 1024");
  EXPECT_EQ(testing::refusal([&] { (void)choice(0, 1); }),
            "simulation: ranks = 0: must be >= 1 and at most 1048576");
  const auto one_by_one = most_replicas(SmallNetwork().network, 2, 1);
  EXPECT_EQ(one_by_one.replicas, 1);
  EXPECT_EQ(one_by_one.reason,
            "samples of a batch depend on each other: weights change after each sample "
            "(batch_size = 1)");
}

}  // namespace eprop
