#include "engine/thread_team.hpp"

#include <omp.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>

#include "core/refuse.hpp"
#include "eprop/comm/collectives.hpp"
#include "eprop/comm/launch.hpp"

namespace eprop::engine {
namespace {

/// Where the threads of an OpenMP team may run.
struct Team {
  std::array<char, 65> node{};
  cpu_set_t processors{};
  bool known = true;
};

Team team_of(int threads) {
  Team team;
  ::gethostname(team.node.data(), team.node.size() - 1);
  CPU_ZERO(&team.processors);
  // Of all threads: OpenMP may have bound each to a processor of its own.
#pragma omp parallel num_threads(threads)
  {
    cpu_set_t mine;
    CPU_ZERO(&mine);
    const bool told = ::sched_getaffinity(0, sizeof mine, &mine) == 0;
#pragma omp critical
    {
      CPU_OR(&team.processors, &team.processors, &mine);
      team.known = team.known && told && omp_get_num_threads() == threads;
    }
  }
  return team;
}

}  // namespace

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
  const auto team = team_of(threads);
  return team.known ? CPU_COUNT(&team.processors) : threads;
}

bool processors_are_short(comm::Communicator& comm, int threads) {
  const auto teams = comm::all_gather(comm, team_of(threads));
  const auto& own = teams[static_cast<std::size_t>(comm.rank())];
  if (!own.known) return false;
  cpu_set_t of_node = own.processors;
  int ranks = 0;
  for (const auto& team : teams) {
    if (!team.known || team.node != own.node) continue;
    ++ranks;
    CPU_OR(&of_node, &of_node, &team.processors);
  }
  return CPU_COUNT(&own.processors) < threads || CPU_COUNT(&of_node) < ranks * threads;
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
