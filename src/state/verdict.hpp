#pragma once

#include "eprop/comm/communicator.hpp"
#include "eprop/step.hpp"
#include "state/rank_state.hpp"

namespace eprop::state {

/// Ranks agree at the first exchange after so many steps, and at the end of run(): seldom enough to
/// cost nothing, and nothing leaves run() unchecked.
inline constexpr Step verdict_interval = 1000;

/// Notes membrane potentials that are not finite after step t.
void note_potentials(Worker& worker, Step t);

/// The same for a rank, by one thread.
void note_potentials(RankState& rank, Step t);

/// Throws Diverged on all ranks if anything has been noted on any, or a potential is not finite
/// before step `now`. Collective; by one thread.
void throw_if_diverged(RankState& rank, comm::Communicator& comm, Step now);

}  // namespace eprop::state
