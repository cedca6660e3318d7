#pragma once

#include "eprop/spike_events.hpp"

namespace eprop::core {

/// Puts events in the order of steps, those of a step in the order of neurons, and drops
/// repetitions. Takes a time linear in their number if they are in order already, or fill their
/// steps and come with those of each step in order.
void put_in_order(SpikeEvents& events);

}  // namespace eprop::core
