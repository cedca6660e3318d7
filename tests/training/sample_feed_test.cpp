#include "training/sample_feed.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

#include "eprop/comm/launch.hpp"
#include "message_of.hpp"
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
    if (phases.size() == fails_after) throw std::runtime_error("no more samples");
    phases.push_back(phase);
    threads.push_back(std::this_thread::get_id());
    const auto n = static_cast<int>(phases.size());
    return {{{{1, n + 1}}, {0}, {{0.5}}, n}};
  }
  std::vector<Phase> phases;
  std::vector<std::thread::id> threads;
  std::size_t fails_after = 100;  ///< iterations
};

TEST(SampleFeed, DrawsAnIterationAheadForThePhaseThatFollows) {
  Noting task;
  const PhaseSequence phases({.iterations = 1, .test_iterations = 1});
  SampleFeed feed(task);
  feed.draw(phases);
  feed.draw(phases);
  EXPECT_EQ(task.phases, (std::vector{Phase::training, Phase::test}));
}

TEST(SampleFeed, DrawsOnAThreadOfItsOwnDuringASimulation) {
  Noting task;
  PhaseSequence phases({.iterations = 2, .test_iterations = 1});
  SampleFeed feed(task);
  feed.draw(phases);
  std::size_t drawn = 0;
  for (int n = 0; n < 3; ++n) {
    feed.draw(phases);
    EXPECT_EQ(task.phases.size(), drawn == 0 ? 2 : drawn);
    feed.draw_during([&] { EXPECT_EQ(feed.take_labels(), std::vector{n + 1}); }, phases);
    drawn = task.phases.size();
    phases.advance(1.0);
  }
  // One iteration that has begun when the last one is done, and none beyond.
  EXPECT_EQ(task.phases, (std::vector{Phase::training, Phase::training, Phase::test, Phase::test}));
  const auto here = std::this_thread::get_id();
  EXPECT_EQ(task.threads[1], here);
  EXPECT_NE(task.threads[2], here);
  EXPECT_NE(task.threads[3], here);
}

TEST(SampleFeed, ThrowsWhatTheTaskThrewAheadWhereItIsDrawn) {
  Noting task;
  task.fails_after = 2;
  const PhaseSequence phases({.iterations = 9});
  SampleFeed feed(task);
  feed.draw(phases);
  feed.draw(phases);
  feed.draw_during([] {}, phases);
  EXPECT_EQ(testing::message_of<std::runtime_error>([&] { feed.draw(phases); }), "no more samples");
}

TEST(SampleFeed, EndsToDrawBeforeWhatASimulationThrows) {
  Noting task;
  const PhaseSequence phases({.iterations = 9});
  SampleFeed feed(task);
  feed.draw(phases);
  feed.draw(phases);
  const auto simulate = [] { throw std::runtime_error("diverged"); };
  EXPECT_EQ(testing::message_of<std::runtime_error>([&] { feed.draw_during(simulate, phases); }),
            "diverged");
  EXPECT_EQ(task.phases.size(), 3U);
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
