#include "results.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <bit>
#include <thread>

#include "eprop/comm/collectives.hpp"
#include "eprop/comm/launch.hpp"
#include "reports/recordables.hpp"

namespace eprop::testing {
namespace {

const std::thread::id main_thread = std::this_thread::get_id();

using Values = std::map<std::string, std::vector<double>>;

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

void compare(const Values& got, const Values& expected) {
  for (const auto& [name, values] : expected) {
    const auto found = got.find(name);
    if (found == got.end()) {
      ADD_FAILURE() << name << " is missing";
      continue;
    }
    const auto& own = found->second;
    EXPECT_EQ(own.size(), values.size()) << name;
    const auto [a, b] =
        std::mismatch(own.begin(), own.end(), values.begin(), values.end(), same_bits);
    if (a != own.end() && b != values.end()) {
      ADD_FAILURE() << name << " differs first in value " << a - own.begin() << ": " << *a
                    << " instead of " << *b;
    }
  }
  EXPECT_EQ(got.size(), expected.size());
}

std::vector<double> flat(const Values& values) {
  std::vector<double> all;
  for (const auto& entry : values) {
    all.insert(all.end(), entry.second.begin(), entry.second.end());
  }
  return all;
}

}  // namespace

int threads_per_rank() {
  return std::this_thread::get_id() == main_thread ? omp_get_max_threads() : 1;
}

void expect_identical(const Results& got, const Results& expected) {
  compare(got.everywhere, expected.everywhere);
  compare(got.on_root, expected.on_root);
}

void expect_same_as_serial(comm::Communicator& comm, const Run& run) {
  Results expected;
  if (comm.rank() == 0) expected = run(*comm::make_serial(), 1);
  const Results got = run(comm, threads_per_rank());
  if (comm.rank() == 0) expect_identical(got, expected);
  auto on_rank_0 = flat(got.everywhere);
  comm::broadcast(comm, on_rank_0, 0);
  const auto here = flat(got.everywhere);
  EXPECT_TRUE(std::equal(here.begin(), here.end(), on_rank_0.begin(), on_rank_0.end(), same_bits))
      << "rank " << comm.rank() << " got something else than rank 0";
}

void record_everything(Simulation& simulation, const Network& network) {
  for (std::uint32_t i = 0; i < network.populations().size(); ++i) {
    const auto* model = std::get_if<NeuronModel>(&network.populations()[i].what);
    if (model == nullptr || !network::is_readout(*model)) simulation.record_spikes({i});
    if (model == nullptr) continue;
    TraceRecording recording;
    for (const auto& variable : reports::recordables(*model)) {
      recording.variables.push_back(variable.second.name);
    }
    simulation.record({i}, recording);
  }
}

Results collect_everything(Simulation& simulation, const Network& network) {
  Results results;
  for (std::uint32_t i = 0; i < network.populations().size(); ++i) {
    const auto& spec = network.populations()[i];
    const auto* model = std::get_if<NeuronModel>(&spec.what);
    if (model == nullptr || !network::is_readout(*model)) {
      const auto spikes = simulation.take_spikes({i});
      results.on_root["times of the spikes of " + spec.name] = spikes.times;
      results.on_root["spikes of " + spec.name] = {spikes.neurons.begin(), spikes.neurons.end()};
    }
    if (model == nullptr) continue;
    const auto traces = simulation.take_traces(spec.name);
    results.on_root["times of the traces of " + spec.name] = traces.times;
    results.on_root["traces of " + spec.name] = traces.values;
  }
  for (std::uint32_t p = 0; p < network.projections().size(); ++p) {
    const auto& name = network.projections()[p].name;
    const auto table = simulation.weights({p});
    results.everywhere["sources of " + name] = {table.source.begin(), table.source.end()};
    results.everywhere["targets of " + name] = {table.target.begin(), table.target.end()};
    results.everywhere["weights of " + name] = table.weight;
  }
  return results;
}

Results run_steps(Simulation& simulation, const Network& network, Step steps) {
  record_everything(simulation, network);
  simulation.run(steps);
  return collect_everything(simulation, network);
}

Run run_steps(const Network& network, Step steps) {
  return [&network, steps](comm::Communicator& comm, int threads) {
    Simulation simulation(network, comm, {.threads = threads, .thread_use = ThreadUse::drawn});
    return run_steps(simulation, network, steps);
  };
}

std::vector<double> weights_of(Simulation& simulation, Projection projection) {
  const auto table = simulation.weights(projection);
  for (std::size_t s = 1; s < table.weight.size(); ++s) {
    const auto before = std::pair(table.target[s - 1], table.source[s - 1]);
    EXPECT_LE(before, std::pair(table.target[s], table.source[s])) << "synapse " << s;
  }
  EXPECT_EQ(table.weight.size(), simulation.synapse_count(projection));
  EXPECT_EQ(table.source.size(), table.weight.size());
  return table.weight;
}

}  // namespace eprop::testing
