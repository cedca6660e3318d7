#include <gtest/gtest.h>

#include <string>

#include "distributed_test.hpp"
#include "eprop/comm/launch.hpp"
#include "hdf5_content.hpp"
#include "plus_networks.hpp"
#include "refusal.hpp"
#include "results.hpp"
#include "sample_networks.hpp"
#include "scalar_network.hpp"
#include "scratch_file.hpp"

namespace eprop {
namespace {

using testing::Results;
using testing::run_steps;
using testing::ScratchFile;
using testing::SmallNetwork;

const std::string user_data("user\0data", 9);

Results resume(const Network& network, comm::Communicator& comm, int threads,
               const std::string& path, Step steps) {
  Simulation simulation(network, comm, threads);
  EXPECT_EQ(simulation.load_checkpoint(path), user_data);
  return run_steps(simulation, network, steps);
}

/// Expects a simulation to go on from a checkpoint in step `before` for `after` steps as if it had
/// not stopped: from these ranks to these and to one, and from one to these.
void expect_continues(comm::Communicator& comm, const Network& network, Step before, Step after) {
  SCOPED_TRACE("checkpoint in step " + std::to_string(before));
  const int threads = testing::threads_per_rank();
  const ScratchFile from_all(comm), from_one(comm);
  Results expected;  // of a run that writes no checkpoint
  if (comm.rank() == 0) {
    const auto serial = comm::make_serial();
    Simulation uninterrupted(network, *serial);
    uninterrupted.run(before);
    expected = run_steps(uninterrupted, network, after);
    Simulation first(network, *serial);
    first.run(before);
    first.save_checkpoint(from_one.path(), user_data);
  }
  Simulation first(network, comm, threads);
  first.run(before);
  first.save_checkpoint(from_all.path(), user_data);
  const Results went_on = run_steps(first, network, after);
  const Results resumed = resume(network, comm, threads, from_all.path(), after);
  const Results resumed_from_one = resume(network, comm, threads, from_one.path(), after);
  if (comm.rank() != 0) return;
  testing::expect_identical(went_on, expected);
  testing::expect_identical(resumed, expected);
  testing::expect_identical(resumed_from_one, expected);
  testing::expect_identical(resume(network, *comm::make_serial(), 1, from_all.path(), after),
                            expected);
}

Network network_of_delay(double delay) {
  Network network({.dt = 1.0, .seed = 2});
  const auto in = network.add("in", 10, PoissonSource{.rate = 100.0});
  const auto rec = network.add("rec", 9, IafPscDelta{});
  network.connect(in, rec, AllToAll{}, StaticSynapse{4.0, delay});
  network.connect(rec, rec, AllToAll{}, StaticSynapse{0.5, delay + 2.0});
  return network;
}

}  // namespace

// Intervals of 60 steps end in steps 62, 122, ...; their updates are made in the two steps after.
DISTRIBUTED_TEST(Checkpoint, OfARichNetworkContinues, RANKS(1, 2, 3, 4)) {
  const Network network = testing::rich_network();
  for (const Step before : {0, 1, 62, 63, 64, 65, 127, 150}) {
    expect_continues(comm, network, before, 70);
  }
}

DISTRIBUTED_TEST(Checkpoint, OfAdamInBatchesContinues, RANKS(1, 2, 3)) {
  Adam adam;
  adam.eta = 0.02;
  adam.batch_size = 2;
  const SmallNetwork small({.optimizer = adam});
  for (const Step before : {20, 22, 23, 24, 41, 50}) {
    expect_continues(comm, small.network, before, 60);
  }
}

DISTRIBUTED_TEST(Checkpoint, OfEveryOptimizerContinues, RANKS(1, 2, 4)) {
  for (const auto& optimizer : testing::every_optimizer({.batch_size = 2, .eta = 0.01})) {
    SCOPED_TRACE(network::name(optimizer));
    const SmallNetwork by_interval({.optimizer = optimizer});
    for (const Step before : {23, 64}) expect_continues(comm, by_interval.network, before, 50);
    const testing::DescribedNetwork plus({.model = "eprop_iaf", .optimizer = optimizer});
    expect_continues(comm, plus.network, 101, 150);
  }
}

DISTRIBUTED_TEST(Checkpoint, OfTransmittedLearningContinues, RANKS(1, 2, 3, 4)) {
  const Network network = testing::rich_plus_network();
  for (const Step before : {1, 63, 64, 300}) expect_continues(comm, network, before, 350);
}

DISTRIBUTED_TEST(Checkpoint, OfManyTilesContinues, RANKS(3)) {
  expect_continues(comm, testing::wide_network(), 33, 20);
  expect_continues(comm, testing::wide_plus_network(), 33, 20);
}

DISTRIBUTED_TEST(Checkpoint, OfForcedSpikesContinues, RANKS(1, 2)) {
  Network network({.dt = 1.0, .seed = 2});
  EpropIafBsshslm2020 model;
  model.ignore_and_spike = true;
  model.ignore_and_spike_interval = Value::Array{3.0, 5.0, 7.0};
  network.add("rec", 3, model);
  expect_continues(comm, network, 11, 20);
}

DISTRIBUTED_TEST(Checkpoint, IsTakenWhereSpikesHaveBeenExchanged, RANKS(1, 2, 3)) {
  const Network network = network_of_delay(3.0);
  Simulation simulation(network, comm, testing::threads_per_rank());
  const ScratchFile file(comm);
  EXPECT_TRUE(simulation.checkpoint_is_possible());
  simulation.run(31);
  EXPECT_FALSE(simulation.checkpoint_is_possible());
  EXPECT_EQ(testing::refusal([&] { simulation.save_checkpoint(file.path()); }),
            "checkpoint: step = 31: must be a multiple of the 3 steps of the smallest delay");
  expect_continues(comm, network, 33, 40);
}

DISTRIBUTED_TEST(Checkpoint, AfterAQueryOfWeightsContinues, RANKS(1, 2, 3)) {
  for (const Step before : {43, 44}) {
    const SmallNetwork small;
    const ScratchFile file(comm);
    Simulation first(small.network, comm, testing::threads_per_rank());
    first.run(before);
    (void)first.weights(small.in_rec);
    first.save_checkpoint(file.path(), user_data);
    const Results expected = run_steps(first, small.network, 50);
    const Results resumed =
        resume(small.network, comm, testing::threads_per_rank(), file.path(), 50);
    testing::expect_identical(resumed, expected);
  }
}

DISTRIBUTED_TEST(Checkpoint, KeepsLossesLearningRatesAndInputsToCome, RANKS(1, 2, 4)) {
  const SmallNetwork small;
  const ScratchFile file(comm);
  const auto go_on = [&](Simulation& simulation) {
    simulation.run(70);
    Results results;
    for (const auto& loss : simulation.take_losses(small.out)) {
      results.everywhere["squared error"].insert(results.everywhere["squared error"].end(),
                                                 loss.squared_error.begin(),
                                                 loss.squared_error.end());
    }
    results.everywhere["weights"] = simulation.weights(small.rec_rec).weight;
    return results;
  };
  Simulation first(small.network, comm, testing::threads_per_rank());
  first.track_loss(small.out, {.offset = 3.0, .interval = 20.0, .window = 15.0});
  first.run(51);
  first.append_spikes(small.in, testing::rhythms(6, 130.0, 200.0));
  first.append_rates(small.target, {{140.0}, {{0.3}, {0.2}, {0.1}}});
  first.set_learning_rate(small.rec_rec, 0.5, RateChange::running_interval);
  first.save_checkpoint(file.path());
  Simulation second(small.network, comm, testing::threads_per_rank());
  EXPECT_EQ(second.load_checkpoint(file.path()), "");
  EXPECT_EQ(second.step(), 51);
  const Results expected = go_on(first);
  EXPECT_EQ(expected.everywhere.at("squared error").size(), 3 * 5U);
  testing::expect_identical(go_on(second), expected);
  first.run(60);
  second.run(60);
  EXPECT_EQ(testing::weights_of(first, small.in_rec), testing::weights_of(second, small.in_rec));
}

DISTRIBUTED_TEST(Checkpoint, OutputFileGoesOn, RANKS(1, 2, 3)) {
  const SmallNetwork small;
  const ScratchFile checkpoint(comm), whole(comm), continued(comm);
  const auto record = [&](Simulation& simulation) {
    testing::record_everything(simulation, small.network);
    simulation.record_weights(small.rec_rec, {.window = {.interval = 10.0}});
  };
  {
    Simulation simulation(small.network, comm, testing::threads_per_rank());
    simulation.open_output(whole.path());
    record(simulation);
    simulation.run(110);
    simulation.write_output("/training/loss", std::vector<double>{1.0, 2.0, 3.0});
  }
  {
    Simulation simulation(small.network, comm, testing::threads_per_rank());
    simulation.open_output(continued.path());
    record(simulation);
    simulation.run(50);
    simulation.save_checkpoint(checkpoint.path());
    simulation.run(30);  // in vain
    simulation.write_output("/training/loss", std::vector<double>{1.0});
  }
  {
    Simulation simulation(small.network, comm, testing::threads_per_rank());
    (void)simulation.load_checkpoint(checkpoint.path());
    simulation.continue_output(continued.path());
    record(simulation);
    simulation.run(60);
    simulation.write_output("/training/loss", std::vector<double>{1.0, 2.0, 3.0});
  }
  if (comm.rank() == 0) {
    EXPECT_EQ(testing::hdf5_content(continued.path()), testing::hdf5_content(whole.path()));
  }
  comm.barrier();
}

}  // namespace eprop
