#pragma once

#include "engine/rank_state.hpp"

/// Synapses of the plus family, a thread's share of them.
namespace eprop::engine {

/// Takes in the learning signals that became known before step t.
void extend_archives(RankState& rank, Worker& worker, Step t);

/// Updates the synapses that transmit in step t, just before they do; at times also those that have
/// long been silent.
void update_transmitting(RankState& rank, Worker& worker, Step t);

/// Ends what a projection has learnt from its open intervals without optimizing, so that weights
/// set now stay.
void drop_open_gradients(RankState& rank, Worker& worker, std::uint32_t projection, Step t);

/// What the weights of a tile would be after an update to a transmission of all its synapses in
/// step t.
[[nodiscard]] core::Column weights_after_transmission(const RankState& rank, const Worker& worker,
                                                      std::uint32_t projection, std::uint32_t tile,
                                                      Step t);

}  // namespace eprop::engine
