#pragma once

#include "engine/rank_state.hpp"

namespace eprop::engine {

/// How the synapses onto a population of the plus family are updated. InvalidParameter if its
/// delays add up to more than is kept of the presynaptic spikes.
[[nodiscard]] plasticity::TransmissionMode transmission_mode(const RankState& rank,
                                                             std::uint32_t population);

/// Steps from the surrogate gradient of a recurrent population to the error of a readout that it
/// pairs with: 2 (bsshslm_2020) or the delay of its projections to the readouts (plus family).
/// InvalidParameter if they differ.
[[nodiscard]] Step signal_lead(const RankState& rank, std::uint32_t recurrent,
                               std::uint32_t readout);

}  // namespace eprop::engine
