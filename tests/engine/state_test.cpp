#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "distributed_test.hpp"
#include "plus_networks.hpp"
#include "refusal.hpp"
#include "reports/recordables.hpp"
#include "results.hpp"
#include "sample_networks.hpp"
#include "scratch_file.hpp"

namespace eprop {
namespace {

using testing::refusal;
using testing::Results;
using testing::SmallNetwork;
using testing::threads_per_rank;

std::vector<std::string> variables_of(const Network::PopulationSpec& population) {
  std::vector<std::string> names;
  if (const auto* model = std::get_if<NeuronModel>(&population.what)) {
    for (const auto& variable : reports::recordables(*model)) names.push_back(variable.second.name);
  }
  return names;
}

/// All variables of all populations.
Results states(Simulation& simulation, const Network& network) {
  Results results;
  for (std::uint32_t i = 0; i < network.populations().size(); ++i) {
    const auto& population = network.populations()[i];
    for (const auto& name : variables_of(population)) {
      results.everywhere[name + " of " + population.name] = simulation.state({i}, name);
    }
  }
  return results;
}

/// The last samples of everything that record_everything() records.
Results last_samples(Simulation& simulation, const Network& network) {
  Results results;
  for (const auto& population : network.populations()) {
    const auto names = variables_of(population);
    if (names.empty()) continue;
    const auto values = simulation.take_traces(population.name).values;
    const std::size_t columns = population.size * names.size();
    for (std::size_t c = 0; c < std::min(values.size(), columns); ++c) {
      results.everywhere[names[c % names.size()] + " of " + population.name].push_back(
          values[values.size() - columns + c]);
    }
  }
  return results;
}

/// Expects states, asked for between steps, to be what is recorded, on all layouts and ranks.
void expect_as_recorded(comm::Communicator& comm, const Network& network) {
  testing::expect_same_as_serial(comm, [&](comm::Communicator& ranks, int threads) {
    Simulation recorded(network, ranks, threads), asked(network, ranks, threads);
    testing::record_everything(recorded, network);
    Results all;
    std::set<std::string> nonzero;  // the variables that are, in some step, somewhere
    for (const Step steps : {1, 1, 1, 60, 1, 1, 9, 130}) {
      recorded.run(steps);
      asked.run(steps);
      const auto got = states(asked, network);
      const auto expected = last_samples(recorded, network);
      if (ranks.rank() == 0) testing::expect_identical(got, expected);
      for (const auto& [name, values] : got.everywhere) {
        all.everywhere[name + " in step " + std::to_string(asked.step())] = values;
        if (std::any_of(values.begin(), values.end(), [](double x) { return x != 0.0; })) {
          nonzero.insert(name.substr(0, name.find(' ')));
        }
      }
    }
    for (const auto* name : {"surrogate_gradient", "learning_signal", "error_signal"}) {
      EXPECT_TRUE(nonzero.contains(name)) << name;
    }
    return all;
  });
}

/// Expects states after a checkpoint to be those before it.
void expect_restored(comm::Communicator& comm, const Network& network,
                     const std::vector<Step>& steps) {
  const testing::ScratchFile file(comm);
  Simulation saved(network, comm, threads_per_rank());
  for (const Step t : steps) {
    SCOPED_TRACE("checkpoint in step " + std::to_string(t));
    saved.run(t - saved.step());
    saved.save_checkpoint(file.path());
    Simulation loaded(network, comm, threads_per_rank());
    (void)loaded.load_checkpoint(file.path());
    testing::expect_identical(states(loaded, network), states(saved, network));
    comm.barrier();
  }
}

/// Ranks exchange every third step.
Network delayed_network() {
  Network network({.dt = 1.0, .seed = 4});
  const auto in = network.add("in", 20, PoissonSource{.rate = 100.0});
  EpropIaf neuron;
  neuron.I_e = 300.0;
  neuron.surrogate_gradient_width = 20.0;
  const auto rec = network.add("rec", 9, neuron);
  const auto out = network.add("out", 3, EpropReadout{});
  network.connect(in, rec, AllToAll{}, EpropSynapse{.weight = 90.0, .delay = 3.0});
  network.connect(rec, out, AllToAll{}, EpropSynapse{.weight = 50.0, .delay = 4.0});
  network.connect_learning_signal(out, rec, AllToAll{}, Normal{0.0, 1.0}, 3.0);
  network.connect_rate(network.add("target", StepRates{{0.0}, {{2.0}}}), out,
                       RateReceptor::target_signal);
  network.connect_rate(network.add("window", StepRates{{10.0}, {{1.0}}}), out,
                       RateReceptor::learning_window);
  return network;
}

}  // namespace

DISTRIBUTED_TEST(State, IsWhatIsRecordedAfterTheLastStep, RANKS(1, 2, 3, 4)) {
  expect_as_recorded(comm, testing::rich_network());
  expect_as_recorded(comm, testing::rich_plus_network());
  expect_as_recorded(comm, delayed_network());
}

DISTRIBUTED_TEST(State, IsBroughtByACheckpoint, RANKS(1, 2, 3)) {
  expect_restored(comm, testing::rich_network(), {0, 1, 62, 64, 65});
  expect_restored(comm, testing::rich_plus_network(), {1, 64, 300});
  expect_restored(comm, delayed_network(), {3, 99});
}

DISTRIBUTED_TEST(State, IsTheInitialOneBeforeTheFirstStep, RANKS(1, 2, 3)) {
  Network network;
  EpropIafAdaptBsshslm2020 neuron;
  neuron.E_L = -70.0;
  neuron.V_th = -55.0;
  neuron.V_m = Value::Array{-70.0, -60.0, -64.0};
  neuron.adaptation = Value::Array{0.0, 2.0, 3.0};
  neuron.adapt_beta = 0.5;
  const auto rec = network.add("rec", 3, neuron);
  EpropReadoutBsshslm2020 readout;
  readout.V_m.emplace(1.5);
  const auto out = network.add("out", 2, readout);
  Simulation simulation(network, comm, threads_per_rank());
  using Values = std::vector<double>;
  EXPECT_EQ(simulation.state(rec, "V_m"), (Values{-70.0, -60.0, -64.0}));
  EXPECT_EQ(simulation.state(rec, "adaptation"), (Values{0.0, 2.0, 3.0}));
  EXPECT_EQ(simulation.state(rec, "V_th_adapt"), (Values{-55.0, -54.0, -53.5}));
  EXPECT_EQ(simulation.state(rec, "surrogate_gradient"), Values(3, 0.0));
  EXPECT_EQ(simulation.state(rec, "learning_signal"), Values(3, 0.0));
  EXPECT_EQ(simulation.state(out, "V_m"), Values(2, 1.5));
  for (const auto* signal :
       {"readout_signal", "readout_signal_unnorm", "target_signal", "error_signal"}) {
    EXPECT_EQ(simulation.state(out, signal), Values(2, 0.0)) << signal;
  }
}

DISTRIBUTED_TEST(State, OfWhatIsNotThereIsRefused, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, 1);
  EXPECT_EQ(refusal([&] { (void)simulation.state(small.rec, "voltage"); }),
            "population 'rec': variable = voltage: must be one of V_m, surrogate_gradient, "
            "learning_signal");
  EXPECT_EQ(refusal([&] { (void)simulation.state(small.in, "V_m"); }),
            "population 'in': variable = V_m: inputs have no state");
}

}  // namespace eprop
