#include <gtest/gtest.h>

#include <string>

#include "distributed_test.hpp"
#include "every_model.hpp"
#include "results.hpp"
#include "scratch_file.hpp"

/// What holds for every neuron model there is, found by its name alone.
namespace eprop {
namespace {

using testing::run_steps;

std::string name_of(const NeuronModel& model) {
  return std::visit([]<class M>(const M&) { return std::string(M::name); }, model);
}

/// A population of each model, driven by noise and by currents that make neurons spike. Intervals
/// after which neurons are reset end in steps 22, 42, ...
Network network_of_all_models() {
  Network network({.seed = 3, .update_interval = 20.0, .learning_window = 10.0});
  const auto in = network.add("in", 10, PoissonSource{.rate = 200.0});
  for (auto model : testing::every_model()) {
    Value::Array currents;
    for (int i = 0; i < 7; ++i) currents.push_back(450.0 + 25.0 * i);
    set_parameter(model, "I_e", currents);
    set_parameter(model, "V_m", Uniform{-65.0, -60.0});
    const auto population = network.add(name_of(model), 7, model);
    network.connect(in, population, FixedIndegree{.indegree = 5}, StaticSynapse{1.5});
  }
  return network;
}

}  // namespace

DISTRIBUTED_TEST(EveryModel, GoesOnFromACheckpointAsIfItHadNotStopped, RANKS(1, 2)) {
  const Network network = network_of_all_models();
  const int threads = testing::threads_per_rank();
  for (const Step before : {1, 30, 41}) {
    const testing::ScratchFile file(comm);
    Simulation first(network, comm, threads);
    first.run(before);
    first.save_checkpoint(file.path(), "");
    const auto expected = run_steps(first, network, 50);
    Simulation resumed(network, comm, threads);
    (void)resumed.load_checkpoint(file.path());
    const auto got = run_steps(resumed, network, 50);
    if (comm.rank() != 0) continue;
    testing::expect_identical(got, expected);
    for (const auto& model : testing::every_model()) {
      const auto spikes = expected.on_root.find("spikes of " + name_of(model));
      EXPECT_TRUE(spikes == expected.on_root.end() || !spikes->second.empty()) << name_of(model);
    }
  }
}

DISTRIBUTED_TEST(EveryModel, IsTheSameOnEveryLayout, RANKS(1, 2, 4)) {
  testing::expect_same_as_serial(comm, [](comm::Communicator& ranks, int threads) {
    const Network network = network_of_all_models();
    Simulation simulation(network, ranks, threads);
    return run_steps(simulation, network, 60);
  });
}

}  // namespace eprop
