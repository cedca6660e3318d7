#include "support/program.hpp"

#include <algorithm>
#include <csignal>
#include <stdexcept>

#include "eprop/comm/collectives.hpp"
#include "eprop/comm/launch.hpp"

namespace eprop::examples {
namespace {

/// Ranks that were started with different options or environments would wait for each other.
void require_one_verdict(comm::Communicator& comm, int mine) {
  const auto all = comm::all_gather(comm, mine);
  if (std::ranges::any_of(all, [&](int verdict) { return verdict != all.front(); })) {
    throw std::runtime_error("options: ranks differ in their command lines or OMP_NUM_THREADS");
  }
}

}  // namespace

int run_program(int argc, char** argv,
                const std::function<std::optional<int>(comm::Communicator&)>& parse,
                const std::function<int(comm::Communicator&)>& run) {
  int status = 0;
  const int launched = comm::run_with_mpi(argc, argv, [&](comm::Communicator& comm) {
    const auto code = parse(comm);
    require_one_verdict(comm, code.value_or(-1));
    if (!code) {
      status = run(comm);
      return;
    }
    status = *code;
    // Some launchers end all ranks as soon as one has exited with an error. All are about to, and
    // shall do so with the same status.
    if (status != 0) std::signal(SIGTERM, SIG_IGN);
  });
  return launched != 0 ? launched : status;
}

}  // namespace eprop::examples
