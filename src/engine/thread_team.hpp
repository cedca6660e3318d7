#pragma once

#include <string>
#include <vector>

#include "eprop/comm/communicator.hpp"

namespace eprop::engine {

/// Throws InvalidParameter on all ranks if on any of them the OpenMP team has not `threads`
/// threads, but `granted`. Collective; called by one thread of the team.
void require_whole_team(comm::Communicator& comm, int threads, int granted);

/// Number of processors that the threads of an OpenMP team of `threads` may use together;
/// `threads` where the system does not tell and where the team is smaller.
[[nodiscard]] int processors_of_team(int threads);

/// Whether threads of this rank may have to wait for a processor: there are fewer of them than
/// threads, of this rank or of all ranks of its node. Collective.
[[nodiscard]] bool processors_are_short(comm::Communicator& comm, int threads);

/// What to tell users of ranks whose threads must share processors, given the number of processors
/// of each rank's team; empty if there are none.
[[nodiscard]] std::string shared_processors(int threads, const std::vector<int>& processors);

/// Tells it on stderr, on rank 0 and once in a process, unless launchers are to be ignored.
/// Collective.
void warn_of_shared_processors(comm::Communicator& comm, int threads);

}  // namespace eprop::engine
