#include "engine/thread_team.hpp"

#include "comm/collectives.hpp"
#include "core/refuse.hpp"

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

}  // namespace eprop::engine
