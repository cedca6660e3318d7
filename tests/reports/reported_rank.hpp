#pragma once

#include <memory>

#include "../engine/results.hpp"
#include "reports/report_kind.hpp"
#include "state/build.hpp"

namespace eprop::testing {

/// A rank's part of a network in steps of 0.5 ms: two inputs, seven neurons and three readouts of
/// the plus family. What is recorded of them is what a test puts there.
struct ReportedRank {
  explicit ReportedRank(comm::Communicator& its_comm)
      : comm(its_comm),
        rank(state::build(network(), {comm.size(), threads_per_rank(), comm.rank()})),
        output(comm) {}
  ReportedRank(const ReportedRank&) = delete;
  ReportedRank& operator=(const ReportedRank&) = delete;

  static Network network() {
    Network network({.dt = 0.5, .update_interval = 2.0});
    const auto inputs = network.add("in", SpikeTrains{{{}, {}}});
    const auto neurons = network.add("rec", 7, EpropIaf{});
    const auto readouts = network.add("out", 3, EpropReadout{});
    network.connect(inputs, neurons, AllToAll{}, StaticSynapse{});
    network.connect(neurons, readouts, AllToAll{}, EpropSynapse{});
    return network;
  }

  /// V_m of every neuron i and readout k, mV.
  void set_potentials(double of_neurons, double of_readouts) {
    for (auto& worker : rank->workers) {
      for (auto& part : worker->recurrent) {
        for (std::uint32_t j = 0; j < part.block.size(); ++j) {
          part.block.v[j] = of_neurons + part.block.neurons.begin + j - part.block.E_L[j];
        }
      }
      for (auto& part : worker->readouts) {
        for (std::uint32_t j = 0; j < part.block.size(); ++j) {
          part.block.v[j] = of_readouts + part.block.neurons.begin + j;
        }
      }
    }
  }

  static double weight(Step t, std::uint32_t source, std::uint32_t target) {
    return 100.0 * static_cast<double>(t) + 10.0 * target + source;
  }

  /// The weights of a projection that are those of step t.
  void set_weights(Projection projection, Step t) {
    for (auto& worker : rank->workers) {
      for (auto& tile : worker->projections[projection.index].tiles) {
        tile.for_each_source([&](std::uint32_t source, core::Range synapses) {
          for (auto s = synapses.begin; s < synapses.end; ++s) {
            tile.weight[s] = weight(t, source, tile.targets.begin + tile.target[s]);
          }
        });
      }
    }
  }

  /// A step in which these neurons and inputs spike.
  void emit(const std::vector<std::uint32_t>& of_neurons,
            const std::vector<std::uint32_t>& of_inputs) {
    auto& own = std::get<state::NeuronState>(rank->populations[1]).own;
    for (const auto i : of_neurons) {
      if (rank->layout.of_this_rank(7).contains(i)) own.sources.push_back(i);
    }
    own.step_ends.push_back(own.sources.size());
    auto& history = rank->spikes(0).history;
    for (const auto i : of_inputs) history.append(i);
    history.end_step();
  }

  static constexpr Population in{0}, rec{1}, out{2};
  static constexpr Projection in_rec{0}, rec_out{1};
  comm::Communicator& comm;
  std::unique_ptr<state::RankState> rank;
  reports::OutputFile output;
  const reports::ReportContext context{*rank, comm, output};
};

}  // namespace eprop::testing
