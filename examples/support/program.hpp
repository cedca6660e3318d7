#pragma once

#include <functional>
#include <optional>

#include "eprop/comm/communicator.hpp"

namespace eprop::examples {

/// main() of a program that runs on all ranks. `parse` reads the command line, and prints on rank 0
/// alone: it returns nothing if `run` shall be called, else the exit status, as `run` does. Returns
/// the exit status. An error that leaves `run` on any rank ends the job.
int run_program(int argc, char** argv,
                const std::function<std::optional<int>(comm::Communicator&)>& parse,
                const std::function<int(comm::Communicator&)>& run);

}  // namespace eprop::examples
