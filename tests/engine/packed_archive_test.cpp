#include <gtest/gtest.h>

#include <vector>

#include "distributed_test.hpp"
#include "eprop/comm/launch.hpp"
#include "eprop/simulation.hpp"
#include "scratch_file.hpp"

// Large blocks of neurons keep surrogate gradients without their zeros, half of them as they are:
// what is too small on two threads, or on two ranks, is packed on one.
namespace eprop {
namespace {

constexpr std::uint32_t large_size = 6000;
constexpr Step large_interval = 8, large_batch = 4;

struct LargeNetwork {
  explicit LargeNetwork(SurrogateGradient shape = SurrogateGradient::piecewise_linear)
      : network(NetworkOptions{.update_interval = large_interval}) {
    const auto in = network.add("in", 200, PoissonSource{.rate = 100.0});
    EpropIafBsshslm2020 neuron;
    neuron.V_th = -65.0;
    neuron.surrogate_gradient_function = shape;
    neuron.surrogate_gradient_width = 4.0;
    rec = network.add("rec", large_size, neuron);
    const auto out = network.add("out", 2, EpropReadoutBsshslm2020{});
    EpropSynapseBsshslm2020 synapse{.weight = Normal{1.0, 5.0}};
    synapse.optimizer = Adam{{.batch_size = large_batch, .eta = 0.05}};
    projection = network.connect(in, rec, FixedIndegree{.indegree = 3}, synapse);
    network.connect(rec, out, FixedIndegree{.indegree = 100}, synapse);
    network.connect_learning_signal(out, rec, AllToAll{}, Normal{0.0, 1.0});
    network.connect_rate(network.add("target", StepRates{{4.0}, {{5.0}}}), out,
                         RateReceptor::target_signal);
  }

  Network network;
  Population rec;
  Projection projection;
};

std::vector<double> weights_of_large(const LargeNetwork& large, comm::Communicator& comm,
                                     const SimulationOptions& options) {
  Simulation simulation(large.network, comm, options);
  simulation.run(4 * large_batch * large_interval + 4);
  return simulation.weights(large.projection).weight;
}

std::uint64_t large_archive_bytes(const LargeNetwork& large, comm::Communicator& comm,
                                  int threads) {
  Simulation simulation(large.network, comm, threads);
  simulation.run(2 * large_interval);
  return simulation.statistics().bytes.archives;
}

DISTRIBUTED_TEST(PackedArchive, ChangesNoWeight, RANKS(1, 2)) {
  const LargeNetwork large;
  const auto serial = comm::make_serial();
  const auto packed = weights_of_large(large, *serial, {});
  EXPECT_EQ(weights_of_large(large, comm, {.threads = 2}), packed);
  // Each replica has a block of all neurons.
  EXPECT_EQ(weights_of_large(large, comm, {.threads = 1 + (comm.size() == 1), .replicas = 2}),
            packed);
}

DISTRIBUTED_TEST(PackedArchive, TakesLessWhereGradientsAreMostlyZero, RANKS(1)) {
  const LargeNetwork large;
  const auto packed = large_archive_bytes(large, comm, 1),
             as_it_is = large_archive_bytes(large, comm, 2);
  EXPECT_LT(packed, 3 * as_it_is / 4);
  // Shapes with tails are never zero.
  const LargeNetwork with_tails(SurrogateGradient::fast_sigmoid_derivative);
  EXPECT_EQ(large_archive_bytes(with_tails, comm, 1), large_archive_bytes(with_tails, comm, 2));
}

DISTRIBUTED_TEST(PackedArchive, GoesThroughCheckpointsToAnyLayout, RANKS(1, 2)) {
  const LargeNetwork large;
  const testing::ScratchFile of_one(comm), of_all(comm);
  const auto gradients = [&](Simulation& s) { return s.state(large.rec, "surrogate_gradient"); };
  // In the middle of an interval.
  constexpr Step before = 3 * large_interval + 5, after = 3 * large_interval;
  const auto serial = comm::make_serial();
  std::vector<double> weights, gradient;
  {
    Simulation simulation(large.network, *serial);
    simulation.run(before);
    gradient = gradients(simulation);
    if (comm.rank() == 0) simulation.save_checkpoint(of_one.path());
    simulation.run(after);
    weights = simulation.weights(large.projection).weight;
  }
  comm.barrier();
  Simulation all(large.network, comm, 2);
  (void)all.load_checkpoint(of_one.path());
  EXPECT_EQ(gradients(all), gradient);
  all.save_checkpoint(of_all.path());
  all.run(after);
  EXPECT_EQ(all.weights(large.projection).weight, weights);

  Simulation one(large.network, *serial);
  (void)one.load_checkpoint(of_all.path());
  EXPECT_EQ(gradients(one), gradient);
  one.run(after);
  EXPECT_EQ(one.weights(large.projection).weight, weights);
}

}  // namespace
}  // namespace eprop
