#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "distributed_test.hpp"
#include "plus_networks.hpp"
#include "refusal.hpp"
#include "results.hpp"
#include "sample_networks.hpp"
#include "transmission_rows.hpp"

namespace eprop {
namespace {

using testing::refusal;
using testing::rows;
using testing::threads_per_rank;

using Row = testing::TransmissionRow;

/// A projection and what is needed to tell when its synapses transmit.
struct Watched {
  Watched(const Network& network, std::uint32_t index) : projection{index} {
    const auto& spec = network.at(projection);
    const double dt = network.options().dt;
    source = spec.source;
    delay = std::visit([&](const auto& s) { return s.delay.value() / dt; }, spec.synapse);
    const auto* model = std::get_if<NeuronModel>(&network.at(spec.target).what);
    const auto role = std::visit([](const auto& m) { return m.role; }, *model);
    if (std::holds_alternative<EpropSynapseBsshslm2020>(spec.synapse) && role == Role::recurrent) {
      interval = network.options().update_interval.value() / dt;
    }
  }
  [[nodiscard]] bool drops(Step t) const {
    return interval > 0 && t >= 2 && std::fmod(static_cast<double>(t - 2), interval) == 0.0;
  }

  Projection projection;
  Population source;
  double delay = 1;
  double interval = 0;  ///< steps; of synapses that drop the spikes of its first step
  std::vector<Row> expected;
};

/// Expects of every projection that what is recorded in one go is what is seen step by step: the
/// weights in force when spikes arrive.
void expect_as_seen(comm::Communicator& comm, const Network& network, Step steps) {
  const double dt = network.options().dt;
  std::vector<Watched> watched;
  for (std::uint32_t p = 0; p < network.projections().size(); ++p) watched.emplace_back(network, p);
  Simulation slow(network, comm, threads_per_rank());
  std::vector<Spikes> spikes(network.populations().size());
  for (const auto& w : watched) slow.record_spikes(w.source);
  for (Step t = 0; t < steps; ++t) {
    for (auto& w : watched) {
      const auto table = slow.weights(w.projection);
      if (w.drops(t)) continue;
      const auto& [times, neurons] = spikes[w.source.index];
      for (std::size_t i = 0; i < times.size(); ++i) {
        if (std::rint(times[i] / dt) != static_cast<double>(t) - w.delay + 1) continue;
        for (std::size_t s = 0; s < table.weight.size(); ++s) {
          if (table.source[s] != neurons[i]) continue;
          w.expected.emplace_back(times[i], table.source[s], table.target[s], table.weight[s]);
        }
      }
    }
    slow.run(1);
    for (std::uint32_t p = 0; p < spikes.size(); ++p) {
      const auto is = [&](const Watched& w) { return w.source.index == p; };
      if (std::none_of(watched.begin(), watched.end(), is)) continue;
      const auto more = slow.take_spikes({p});
      spikes[p].times.insert(spikes[p].times.end(), more.times.begin(), more.times.end());
      spikes[p].neurons.insert(spikes[p].neurons.end(), more.neurons.begin(), more.neurons.end());
    }
  }
  Simulation fast(network, comm, threads_per_rank());
  for (const auto& w : watched) fast.record_transmissions(w.projection);
  fast.run(steps);
  for (auto& w : watched) {
    const auto got = rows(fast.take_transmissions(w.projection));
    if (comm.rank() != 0) {
      EXPECT_TRUE(got.empty());
      continue;
    }
    const auto order = [](const Row& row) {
      return std::tuple(std::get<0>(row), std::get<1>(row), std::get<2>(row));
    };
    std::stable_sort(w.expected.begin(), w.expected.end(),
                     [&](const Row& a, const Row& b) { return order(a) < order(b); });
    EXPECT_FALSE(got.empty()) << network.at(w.projection).name;
    EXPECT_EQ(got, w.expected) << network.at(w.projection).name;
  }
}

}  // namespace

DISTRIBUTED_TEST(RecordedTransmissions, HaveTheWeightsInForce, RANKS(1, 2, 3)) {
  expect_as_seen(comm, testing::rich_network(), 60);
}

DISTRIBUTED_TEST(RecordedTransmissions, HaveTheWeightsInForceInThePlusFamily, RANKS(1, 2, 3)) {
  expect_as_seen(comm, testing::rich_plus_network(), 60);
}

DISTRIBUTED_TEST(RecordedTransmissions, AreOfChosenNeuronsAndTimes, RANKS(1, 2)) {
  const testing::SmallNetwork small;
  Simulation simulation(small.network, comm, threads_per_rank());
  simulation.record_transmissions(small.in_rec);
  simulation.run(100);
  std::vector<Row> expected;
  for (const auto& row : rows(simulation.take_transmissions(small.in_rec))) {
    const auto [time, source, target, weight] = row;
    const bool chosen = (source == 1 || source == 4) && target == 3;
    if (chosen && time > 20.0 && time <= 50.0) expected.push_back(row);
  }
  EXPECT_TRUE(simulation.take_transmissions(small.in_rec).times.empty());  // once

  Simulation choosy(small.network, comm, threads_per_rank());
  choosy.record_transmissions(small.in_rec, {{4, 1}, {3}, {.start = 20.0, .stop = 50.0}});
  choosy.run(100);
  EXPECT_EQ(rows(choosy.take_transmissions(small.in_rec)), expected);
  EXPECT_EQ(comm.rank() != 0, expected.empty());
}

DISTRIBUTED_TEST(RecordedTransmissions, AreTheSameWithReplicas, RANKS(1, 2)) {
  Adam optimizer;
  optimizer.batch_size = 4;
  const testing::SmallNetwork small({.duration = 330.0, .optimizer = optimizer});
  const auto run = [&](const SimulationOptions& options) {
    Simulation simulation(small.network, comm, options);
    simulation.record_transmissions(small.in_rec, {{}, {}, {.stop = 110.0}});
    simulation.run(320);
    return rows(simulation.take_transmissions(small.in_rec));
  };
  const auto expected = run({.threads = 2});
  EXPECT_EQ(run({.threads = comm.size() == 1 ? 2 : 1, .replicas = 2}), expected);
  EXPECT_EQ(comm.rank() != 0, expected.empty());
}

namespace {

/// Expects the weights kept of every projection to be those of each synapse's last recorded
/// transmission, and the initial one of synapses without.
void expect_last_weights(comm::Communicator& comm, const Network& network, Step steps) {
  Simulation simulation(network, comm, threads_per_rank());
  std::vector<SynapseTable> initial;
  for (std::uint32_t p = 0; p < network.projections().size(); ++p) {
    initial.push_back(simulation.weights({p}));
    simulation.record_transmissions({p});
    simulation.keep_transmitted_weights({p});
  }
  simulation.run(steps);
  for (std::uint32_t p = 0; p < network.projections().size(); ++p) {
    const auto got = simulation.transmitted_weights({p});
    const auto events = simulation.take_transmissions({p});
    if (comm.rank() != 0) {
      EXPECT_TRUE(got.weight.empty());
      continue;
    }
    auto expected = initial[p];
    for (std::size_t s = 0; s < expected.weight.size(); ++s) {
      const auto of_pair = [&](std::size_t i) {
        return events.source[i] == expected.source[s] && events.target[i] == expected.target[s];
      };
      // Synapses of a pair transmit in the order in which they are listed.
      std::size_t later = 0;
      for (auto next = s + 1;
           next < expected.weight.size() && expected.source[next] == expected.source[s] &&
           expected.target[next] == expected.target[s];
           ++next) {
        ++later;
      }
      for (std::size_t i = events.times.size(); i-- > 0;) {
        if (!of_pair(i)) continue;
        expected.weight[s] = events.weight[i - later];
        break;
      }
    }
    EXPECT_EQ(got.weight, expected.weight) << network.at(Projection{p}).name;
    EXPECT_EQ(got.source, expected.source);
    EXPECT_EQ(got.target, expected.target);
  }
}

}  // namespace

DISTRIBUTED_TEST(KeptTransmittedWeights, AreThoseOfTheLastTransmissions, RANKS(1, 2, 3)) {
  expect_last_weights(comm, testing::rich_network(), 60);
  expect_last_weights(comm, testing::rich_plus_network(), 60);
}

DISTRIBUTED_TEST(KeptTransmittedWeights, AreThoseThatAreSetUntilSynapsesTransmit, RANKS(1, 2)) {
  const testing::SmallNetwork small;
  Simulation simulation(small.network, comm, threads_per_rank());
  EXPECT_EQ(refusal([&] { (void)simulation.transmitted_weights(small.in_rec); }),
            "projection 'in_rec': transmitted weights = none: they are not kept");
  simulation.keep_transmitted_weights(small.in_rec);
  simulation.run(70);
  const std::vector<double> weights(simulation.synapse_count(small.in_rec), 0.25);
  simulation.set_weights(small.in_rec, weights);
  const auto got = simulation.transmitted_weights(small.in_rec);
  if (comm.rank() != 0) return;
  EXPECT_EQ(got.weight, weights);
}

DISTRIBUTED_TEST(RecordedTransmissions, RefuseWhatThereIsNot, RANKS(1, 2)) {
  const testing::SmallNetwork small;
  Simulation simulation(small.network, comm);
  const auto refused = [&](const TransmissionRecording& recording) {
    return refusal([&] { simulation.record_transmissions(small.in_rec, recording); });
  };
  EXPECT_EQ(refused({{6}, {}, {}}),
            "projection 'in_rec': recorded source = 6: must be below the population's size 6");
  EXPECT_EQ(refused({{}, {7}, {}}),
            "projection 'in_rec': recorded target = 7: must be below the population's size 7");
  EXPECT_EQ(refused({{}, {}, {.interval = 1.0}}),
            "projection 'in_rec': recording interval = 1 ms: must not be given: all transmissions "
            "are recorded");
  EXPECT_EQ(refusal([&] { (void)simulation.take_transmissions(small.in_rec); }),
            "projection 'in_rec': recorded transmissions = none: they are not recorded");
  simulation.record_transmissions(small.in_rec);
  EXPECT_EQ(refused({}), "projection 'in_rec': recording = transmissions: is recorded already");
}

}  // namespace eprop
