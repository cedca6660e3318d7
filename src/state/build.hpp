#pragma once

#include <memory>

#include "eprop/comm/communicator.hpp"
#include "state/rank_state.hpp"

namespace eprop::state {

/// A rank's part of a network, before the first step. InvalidParameter if delays of several
/// projections do not fit together, or a drawn weight exceeds its bounds.
[[nodiscard]] std::unique_ptr<RankState> build(const Network& network, const core::Layout& layout);

/// Another copy of a rank's part of a network, before the first step: with neurons of its own and
/// the same synapses. `rank` is all there is of the network, on one thread.
[[nodiscard]] std::unique_ptr<RankState> build_replica(const RankState& rank);

/// The exchange of what the ranks' parts send one another; collective. Refers to `rank`.
[[nodiscard]] exchange::IntervalExchange make_exchange(RankState& rank, comm::Communicator& comm);

}  // namespace eprop::state
