#include "engine/thread_team.hpp"

#include <omp.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdio>

#include "core/refuse.hpp"
#include "eprop/comm/collectives.hpp"
#include "eprop/comm/launch.hpp"

namespace eprop::engine {

void require_whole_team(comm::Communicator& comm, int threads, int granted) {
  const auto teams = comm::all_gather(comm, granted);
  for (std::size_t r = 0; r < teams.size(); ++r) {
    if (teams[r] == threads) continue;
    core::refuse("simulation", "threads", threads, "",
                 fmt::format("OpenMP grants {} on rank {}, because OMP_THREAD_LIMIT, "
                             "OMP_DYNAMIC=true or a parallel region around run() allows no more",
                             teams[r], r));
  }
}

int processors_of_team(int threads) {
  cpu_set_t of_team;
  CPU_ZERO(&of_team);
  bool known = true;
  // Of all threads: OpenMP may have bound each to a processor of its own.
#pragma omp parallel num_threads(threads)
  {
    cpu_set_t mine;
    CPU_ZERO(&mine);
    const bool told = ::sched_getaffinity(0, sizeof mine, &mine) == 0;
#pragma omp critical
    {
      CPU_OR(&of_team, &of_team, &mine);
      known = known && told && omp_get_num_threads() == threads;
    }
  }
  return known ? CPU_COUNT(&of_team) : threads;
}

std::string shared_processors(int threads, const std::vector<int>& processors) {
  const auto too_few = [&](int n) { return n < threads; };
  const auto first = std::ranges::find_if(processors, too_few);
  if (first == processors.end()) return "";
  const auto others = std::count_if(first + 1, processors.end(), too_few);
  return fmt::format(
      "simulation: threads = {}: on rank {}{} they share {} processor{} and wait for each other; "
      "start with mpirun --bind-to none or --map-by slot:pe={}, or srun --cpus-per-task={}, or use "
      "fewer threads (EPROP_IGNORE_LAUNCHER=1 silences this)",
      threads, first - processors.begin(),
      others > 0 ? fmt::format(", and likewise on {} more,", others) : "", *first,
      *first == 1 ? "" : "s", threads, threads);
}

void warn_of_shared_processors(comm::Communicator& comm, int threads) {
  const auto warning =
      shared_processors(threads, comm::all_gather(comm, processors_of_team(threads)));
  if (comm.rank() != 0 || warning.empty() || comm::launcher_is_ignored()) return;
  static std::atomic_flag told;
  if (told.test_and_set()) return;
  const auto line = fmt::format("eprop: warning: {}\n", warning);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace eprop::engine
