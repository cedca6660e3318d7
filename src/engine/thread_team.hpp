#pragma once

#include "comm/communicator.hpp"

namespace eprop::engine {

/// Throws InvalidParameter on all ranks if on any of them the OpenMP team has not `threads`
/// threads, but `granted`. Collective; called by one thread of the team.
void require_whole_team(comm::Communicator& comm, int threads, int granted);

}  // namespace eprop::engine
