#pragma once

#include "eprop/step.hpp"

/// Where update interval k of the bsshslm_2020 family lies: steps after kT, T being its length. In
/// Bellec et al. (2020, Methods, the equations of membrane and readout) inputs reach neurons, and
/// neurons readouts, within a step; here every synapse takes one, and the first spikes of a sample
/// are those of step kT+1. Two steps thus pass to the neurons, and one more at each stage behind.
namespace eprop::core::interval_offset {

/// Recurrent neurons: their interval k covers the steps [kT+2, (k+1)T+2).
inline constexpr Step recurrent = 2;
/// Readouts: one step from recurrent neurons to them, [kT+3, (k+1)T+3).
inline constexpr Step readouts = recurrent + 1;
/// Readout, target and error signals: readouts are compared one step after they were computed.
inline constexpr Step signals = readouts + 1;
/// From the surrogate gradient of a neuron to the error signal that it pairs with.
inline constexpr Step lead = signals - recurrent;
/// Synapses that transmit with the first spikes after an interval are updated in step
/// (k+1)T + early_update, before its last learning signal is known.
inline constexpr Step early_update = readouts;
/// All others, in step (k+1)T + update, when it is known on all ranks.
inline constexpr Step update = signals;

}  // namespace eprop::core::interval_offset
