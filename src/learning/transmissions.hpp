#pragma once

#include "eprop/step.hpp"
#include "state/rank_state.hpp"

/// Synapses of the plus family, a thread's share of them.
namespace eprop::learning {

/// Takes in the learning signals that became known before step t.
void extend_archives(const state::RankState& rank, state::Worker& worker, Step t);

/// Updates the synapses that transmit in step t, just before they do; at times also those that have
/// long been silent.
void update_transmitting(const state::RankState& rank, state::Worker& worker, Step t);

/// Makes a projection learn from its open intervals what all its synapses would if they transmitted
/// in step t. The intervals stay open.
void learn_open_intervals(state::RankState& rank, std::uint32_t projection, Step t);

struct WeightsInForce {
  core::Column weights;
  bool finite = true;  ///< so was all that led to them
};

/// The weights with which a transmission in step t would act, of one worker's tile, as stored.
/// Those of the plus family are brought up to date by an update of a copy.
[[nodiscard]] WeightsInForce weights_in_force(const state::RankState& rank,
                                              const state::Worker& worker, std::uint32_t projection,
                                              std::uint32_t tile, Step t);

}  // namespace eprop::learning
