#include "training/sample_feed.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "eprop/comm/launch.hpp"
#include "toy_tasks.hpp"

namespace eprop::training {
namespace {

/// Notes for which phases samples were drawn; each iteration has one sample, labelled so.
class Noting final : public Task {
 public:
  Noting() : Task({.update_interval = 10.0, .learning_window = 10.0}) {
    in = network.add("in", SpikeTrains{{{}}});
    out = network.add("out", 1, EpropReadoutBsshslm2020{});
    target = network.add("target", StepRates{{}, {{}}});
    network.connect_rate(target, out, RateReceptor::target_signal);
    network.connect(in, out, AllToAll{}, EpropSynapseBsshslm2020{});
    sequence = window = 10;
  }
  std::vector<Sample> next(Phase phase) override {
    phases.push_back(phase);
    const auto n = static_cast<int>(phases.size());
    return {{{{1, n + 1}}, {0}, {{0.5}}, n}};
  }
  std::vector<Phase> phases;
};

TEST(SampleFeed, DrawsAnIterationAheadForThePhaseThatFollows) {
  Noting task;
  const PhaseSequence phases({.iterations = 1, .test_iterations = 1});
  SampleFeed feed(task);
  feed.draw(phases);
  feed.draw(phases);
  EXPECT_EQ(task.phases, (std::vector{Phase::training, Phase::test}));
}

TEST(SampleFeed, GivesLabelsInTheOrderOfIterations) {
  Noting task;
  const PhaseSequence phases({.iterations = 3});
  SampleFeed feed(task);
  feed.draw(phases);
  feed.draw(phases);
  EXPECT_EQ(feed.take_labels(), std::vector{1});
  feed.draw(phases);
  EXPECT_EQ(feed.take_labels(), std::vector{2});
  EXPECT_EQ(feed.take_labels(), std::vector{3});
}

TEST(SampleFeed, TellsSamplesApartByTheirChecksum) {
  Noting a, b;
  const PhaseSequence phases({.iterations = 3});
  SampleFeed first(a), second(b);
  first.draw(phases);
  second.draw(phases);
  EXPECT_EQ(first.checksum(), second.checksum());
  second.draw(phases);
  EXPECT_NE(first.checksum(), second.checksum());
}

TEST(SampleFeed, HandsSpikesAndTargetsOverWhereTheirIterationIs) {
  Noting task;
  const auto comm = comm::make_serial();
  Simulation simulation(task.network, *comm);
  simulation.record_spikes(task.in);
  simulation.record(task.out, {.variables = {"target_signal"}});
  const PhaseSequence phases({.iterations = 3});
  SampleFeed feed(task);
  for (int n = 0; n < 2; ++n) {
    feed.draw(phases);
    feed.append_to(simulation);
  }
  simulation.run(20);
  // Spikes of the steps 1, 2, 11 and 13 are stamped with their end.
  EXPECT_EQ(simulation.take_spikes(task.in).times, (std::vector<double>{2, 3, 12, 14}));
  const auto begin = static_cast<std::size_t>(task.target_offset());
  const auto target = simulation.take_traces("out").values;
  EXPECT_EQ(target[begin - 1], 0.0);
  EXPECT_EQ(target[begin], 0.5);
}

}  // namespace
}  // namespace eprop::training
