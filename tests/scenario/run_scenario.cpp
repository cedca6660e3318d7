#include <omp.h>

#include <cstdio>
#include <stdexcept>

#include "eprop/comm/launch.hpp"
#include "scenario.hpp"

/// run_scenario SCENARIO.json RESULT.json: simulates a scenario on the ranks it is started with and
/// OMP_NUM_THREADS threads each; rank 0 writes the result.
int main(int argc, char** argv) {
  return eprop::comm::run_with_mpi(argc, argv, [&](eprop::comm::Communicator& comm) {
    if (argc != 3) throw std::invalid_argument("usage: run_scenario SCENARIO.json RESULT.json");
    const auto scenario = eprop::scenario::read_scenario(argv[1]);
    const auto result = eprop::scenario::simulate(scenario, comm, omp_get_max_threads());
    if (comm.rank() == 0) eprop::scenario::write_result(result, argv[2]);
  });
}
