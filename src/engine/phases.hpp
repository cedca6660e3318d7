#pragma once

#include "engine/rank_state.hpp"

/// What a thread does in a step, one function per phase of the loop. A step is one such round;
/// spikes and signals of other ranks arrive between rounds.
namespace eprop::engine {

/// Updates the synapses that are due before the spikes of step t are delivered: those of update
/// interval k, which is completely known from step (k+1)T+4 on, and one step earlier those that
/// transmit then.
void update_due_synapses(RankState& rank, Worker& worker, Step t);

/// Whether update_due_synapses() has an update interval to learn from before step t.
[[nodiscard]] bool learning_due(const Timing& timing, Step t);

/// By one thread before step t: sorts the spikes that its updates look up and notes the learning
/// rates of an update interval that begins.
void prepare_updates(RankState& rank, Step t);

/// Whether an update interval of recurrent neurons begins with step t.
[[nodiscard]] bool first_step_of_interval(const Timing& timing, Step t);

/// The sorting of prepare_updates alone.
void sort_due_spikes(RankState& rank, Step t);

/// Gives the update interval that has begun by step t the learning rate in force now.
void set_running_interval_rate(const RankState& rank, ProjectionInfo& info, Step t);

/// Adds the spikes that arrive in step t to the inputs of their targets, projection by projection,
/// sources in order.
void deliver_spikes(const RankState& rank, Worker& worker, Step t);

/// Resets neurons where an update interval ends, advances all neurons by step t and archives what
/// learning needs.
void advance_neurons(RankState& rank, Worker& worker, Step t);

}  // namespace eprop::engine
