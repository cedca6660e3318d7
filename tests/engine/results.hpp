#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "eprop/simulation.hpp"

namespace eprop::testing {

/// OpenMP threads of a rank: OMP_NUM_THREADS, but one where ranks are threads themselves.
[[nodiscard]] int threads_per_rank();

/// What a simulation yields, by name.
struct Results {
  std::map<std::string, std::vector<double>> everywhere;  ///< on every rank
  std::map<std::string, std::vector<double>> on_root;     ///< on rank 0
};

using Run = std::function<Results(comm::Communicator&, int threads)>;

/// Expects `run` to yield, on these ranks and threads, what it does on one, to the bit.
void expect_same_as_serial(comm::Communicator& comm, const Run& run);
/// Expects the same names and bits.
void expect_identical(const Results& got, const Results& expected);

/// Records spikes, all variables of all neurons and, for losses, of all readouts.
void record_everything(Simulation& simulation, const Network& network);
/// What record_everything recorded since the last call, and all weights. Collective.
[[nodiscard]] Results collect_everything(Simulation& simulation, const Network& network);
/// Runs so many steps: what record_everything records in them, and the weights in the end.
/// Collective.
[[nodiscard]] Results run_steps(Simulation& simulation, const Network& network, Step steps);
/// The same from the first step on, in a new simulation of the network, which the Run refers to.
[[nodiscard]] Run run_steps(const Network& network, Step steps);

/// The weights of a projection, after a check that all of its synapses are there in order.
[[nodiscard]] std::vector<double> weights_of(Simulation& simulation, Projection projection);

}  // namespace eprop::testing
