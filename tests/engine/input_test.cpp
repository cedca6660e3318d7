#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "distributed_test.hpp"
#include "refusal.hpp"
#include "results.hpp"
#include "sample_networks.hpp"
#include "scratch_file.hpp"
#include "times.hpp"

namespace eprop {
namespace {

using testing::refusal;
using testing::Results;
using testing::rhythms;

constexpr double end_of_input = 90.0;

struct Driven {
  Network network{{.update_interval = 20.0, .learning_window = 20.0}};
  Population in;
  RateGenerator target;

  Driven(SpikeTrains trains, StepRates rates) {
    in = network.add("in", std::move(trains));
    EpropIafBsshslm2020 model;
    model.t_ref = 1.0;
    const auto rec = network.add("rec", 5, model);
    const auto out = network.add("out", 2, EpropReadoutBsshslm2020{});
    target = network.add("target", std::move(rates));
    network.connect_rate(target, out, RateReceptor::target_signal);
    EpropSynapseBsshslm2020 synapse;
    synapse.weight = Uniform{3.0, 6.0};
    network.connect(in, rec, AllToAll{}, synapse);
    network.connect(rec, out, AllToAll{}, EpropSynapseBsshslm2020{});
    network.connect_learning_signal(out, rec, AllToAll{}, 1.0);
  }
};

StepRates ramp(double begin, double stop) {
  StepRates rates{{}, {{}, {}}};
  for (const double t : testing::times(begin, stop, 5.0)) {
    rates.times.push_back(t);
    rates.amplitudes[0].push_back(0.1 * t);
    rates.amplitudes[1].push_back(-0.2 * t);
  }
  return rates;
}

Results run_at_once(comm::Communicator& comm) {
  const Driven driven(SpikeTrains{rhythms(6, 0.0, end_of_input)}, ramp(0.0, end_of_input));
  return testing::run_steps(driven.network, static_cast<Step>(end_of_input))(
      comm, testing::threads_per_rank());
}

}  // namespace

DISTRIBUTED_TEST(AppendedSpikes, ActAsIfGivenBefore, RANKS(1, 2, 3)) {
  const Results expected = run_at_once(comm);
  for (const double piece : {7.0, 30.0}) {
    const Driven driven(SpikeTrains{std::vector<std::vector<double>>(6)}, ramp(0.0, end_of_input));
    Simulation simulation(driven.network, comm, testing::threads_per_rank());
    testing::record_everything(simulation, driven.network);
    for (const double t : testing::times(0.0, end_of_input, piece)) {
      const double stop = std::min(t + piece, end_of_input);
      simulation.append_spikes(driven.in, rhythms(6, t, stop));
      simulation.run(static_cast<Step>(stop - t));
    }
    testing::expect_identical(testing::collect_everything(simulation, driven.network), expected);
  }
}

DISTRIBUTED_TEST(AppendedSpikes, MayBeEvents, RANKS(1, 2, 3)) {
  const Driven driven(SpikeTrains{std::vector<std::vector<double>>(6)}, ramp(0.0, end_of_input));
  Simulation simulation(driven.network, comm, testing::threads_per_rank());
  testing::record_everything(simulation, driven.network);
  SpikeEvents events;
  const auto trains = rhythms(6, 0.0, end_of_input);
  for (std::uint32_t i = 0; i < trains.size(); ++i) {
    for (const double time : trains[i]) {
      events.steps.push_back(static_cast<Step>(time));
      events.neurons.push_back(i);
    }
  }
  simulation.append_events(driven.in, events);
  simulation.run(static_cast<Step>(end_of_input));
  testing::expect_identical(testing::collect_everything(simulation, driven.network),
                            run_at_once(comm));
}

DISTRIBUTED_TEST(AppendedSpikes, LeaveTheSameCheckpointHoweverTheyCame, RANKS(1, 2, 3)) {
  const auto saved = [&](double piece) {
    const Driven driven(SpikeTrains{rhythms(6, 0.0, 30.0)}, ramp(0.0, end_of_input));
    Simulation simulation(driven.network, comm, testing::threads_per_rank());
    for (const double back : testing::times(piece, end_of_input - 19.0, piece)) {
      const double t = end_of_input - back;  // the last first; those to 30 ms again
      simulation.append_spikes(driven.in, rhythms(6, t, t + piece));
    }
    simulation.run(25);
    const testing::ScratchFile file(comm);
    simulation.save_checkpoint(file.path());
    std::ifstream file_stream(file.path(), std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(file_stream), {});
    comm.barrier();  // rank 0 removes the file
    return bytes;
  };
  const auto expected = saved(70.0);
  for (const double piece : {1.0, 7.0}) {
    EXPECT_TRUE(saved(piece) == expected) << "in pieces of " << piece << " ms";
  }
}

DISTRIBUTED_TEST(AppendedRates, ActAsIfGivenBefore, RANKS(1, 2, 3)) {
  const Results expected = run_at_once(comm);
  const Driven driven(SpikeTrains{rhythms(6, 0.0, end_of_input)}, StepRates{{}, {{}, {}}});
  Simulation simulation(driven.network, comm, testing::threads_per_rank());
  testing::record_everything(simulation, driven.network);
  for (const double t : testing::times(0.0, end_of_input, 15.0)) {
    simulation.append_rates(driven.target, ramp(t, t + 15.0));
    simulation.run(15);
  }
  testing::expect_identical(testing::collect_everything(simulation, driven.network), expected);
}

DISTRIBUTED_TEST(AppendedSpikes, OfThePastOrOfOtherNeuronsAreRefused, RANKS(1, 2)) {
  Driven driven(SpikeTrains{{{}, {}}}, ramp(0.0, end_of_input));
  const auto poisson = driven.network.add("noise", 2, PoissonSource{});
  Simulation simulation(driven.network, comm, 1);
  simulation.run(4);
  const auto append = [&](Population p, const std::vector<std::vector<double>>& times) {
    return refusal([&] { simulation.append_spikes(p, times); });
  };
  EXPECT_EQ(append(driven.in, {{4.0}, {}}), "");
  EXPECT_EQ(append(driven.in, {{}, {3.0}}),
            "population 'in': spike time of neuron 1 = 3 ms: lies before the next step, which "
            "begins at 4 ms");
  EXPECT_EQ(append(driven.in, {{5.5}, {}}),
            "population 'in': spike time of neuron 0 = 5.5 ms: must be a multiple of dt = 1 ms; "
            "with round_times the nearest is taken");
  EXPECT_EQ(append(driven.in, {{5.0}}),
            "population 'in': spike trains = 1: must be one for each of the 2 neurons");
  const auto append_events = [&](Population p, const SpikeEvents& events) {
    return refusal([&] { simulation.append_events(p, events); });
  };
  EXPECT_EQ(append_events(driven.in, {{6, 4}, {1, 1}}), "");
  EXPECT_EQ(append_events(driven.in, {{4, 3}, {1, 0}}),
            "population 'in': steps[1] = 3: must be from 4, the next step, to 1000000000000000");
  EXPECT_EQ(append_events(driven.in, {{4, 5}, {1, 2}}),
            "population 'in': neurons[1] = 2: must be below 2, the size of the population");
  EXPECT_EQ(append_events(driven.in, {{4, 5}, {1}}),
            "population 'in': steps = 2 events: must be as many as neurons, 1");
  EXPECT_EQ(append_events(poisson, {{5}, {0}}),
            "population 'noise': spikes = appended: is no SpikeTrains population");
  EXPECT_EQ(append(poisson, {{5.0}, {}}),
            "population 'noise': spikes = appended: is no SpikeTrains population");
  EXPECT_EQ(append({1}, {{5.0}, {}}),
            "population 'rec': spikes = appended: is no SpikeTrains population");
}

DISTRIBUTED_TEST(RoundedTimes, ActInTheNearestStep, RANKS(1, 2)) {
  const auto run = [&](const std::vector<std::vector<double>>& before,
                       const std::vector<std::vector<double>>& later, const StepRates& rates,
                       const StepRates& more, bool round) {
    Driven driven(SpikeTrains{before, round}, rates);
    Simulation simulation(driven.network, comm, 1);
    testing::record_everything(simulation, driven.network);
    simulation.run(10);
    simulation.append_spikes(driven.in, later);
    simulation.append_rates(driven.target, more);
    simulation.run(30);
    return testing::collect_everything(simulation, driven.network);
  };
  const Results expected = run({{2.0, 6.0}, {4.0}}, {{12.0}, {10.0, 14.0}},
                               {{4.0, 6.0}, {{1, 2}, {3, 4}}}, {{12.0}, {{5}, {6}}}, false);
  const Results rounded = run({{2.4, 1.6, 5.5}, {4.5}}, {{11.51}, {9.6, 13.5, 14.2}},
                              {{3.7, 6.2}, {{1, 2}, {3, 4}}, true}, {{12.4}, {{5}, {6}}}, true);
  testing::expect_identical(rounded, expected);
}

DISTRIBUTED_TEST(AppendedRates, OfThePastAreRefused, RANKS(1, 2)) {
  const Driven driven(SpikeTrains{{{}, {}}}, ramp(0.0, 20.0));  // up to 15 ms
  Simulation simulation(driven.network, comm, 1);
  simulation.run(30);
  EXPECT_EQ(refusal([&] {
              simulation.append_rates(driven.target, {{29.0, 31.0}, {{1, 1}, {1, 1}}});
            }),
            "rate generator 'target': times[0] = 29 ms: lies before the next step, which begins at "
            "30 ms");
  EXPECT_EQ(refusal([&] { simulation.append_rates(driven.target, {{30.0}, {{1}, {1}}}); }), "");
}

DISTRIBUTED_TEST(AppendedRates, ThatAreNotLaterAreRefused, RANKS(1, 2)) {
  const Driven driven(SpikeTrains{{{}, {}}}, ramp(0.0, 20.0));  // up to 15 ms
  Simulation simulation(driven.network, comm, 1);
  const auto append = [&](const StepRates& rates) {
    return refusal([&] { simulation.append_rates(driven.target, rates); });
  };
  EXPECT_EQ(append({{15.0}, {{1}, {1}}}),
            "rate generator 'target': times = 15 ms: must be later than all given before");
  EXPECT_EQ(
      append({{16.0}, {{1}}}),
      "rate generator 'target': amplitudes = 1 rows: must be one for each of the 2 generators");
  EXPECT_EQ(append({{16.5}, {{1}, {1}}}),
            "rate generator 'target': times[0] = 16.5 ms: must be a multiple of dt = 1 ms; with "
            "round_times the nearest is taken");
  EXPECT_EQ(append({{16.0}, {{1}, {1}}}), "");
}

}  // namespace eprop
