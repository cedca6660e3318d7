#pragma once

#include "eprop/step.hpp"
#include "state/rank_state.hpp"

/// Synapses of the bsshslm_2020 family, which learn from whole update intervals.
namespace eprop::learning {

/// Which synapses update_due_synapses() lets learn from an update interval before step t.
enum class Due { none, early, others };
[[nodiscard]] Due learning_due(const plan::Timing& timing, Step t);

/// By one thread before step t: sorts the spikes that its updates look up and notes the learning
/// rates of an update interval that begins.
void prepare_updates(state::RankState& rank, Step t);

/// The sorting of prepare_updates() alone.
void sort_due_spikes(state::RankState& rank, Step t);

/// Gives the update interval that has begun by step t the learning rate in force now.
void set_running_interval_rate(const plan::Timing& timing, state::LearningRate& rate, Step t);

/// Updates a thread's synapses that are due before the spikes of step t are delivered: with what
/// they learn from update interval k in step (k+1)T + update (core/interval_offsets.hpp), when it
/// is completely known, but in step (k+1)T + early_update those that transmit then.
void update_due_synapses(const state::RankState& rank, state::Worker& worker, Step t);

}  // namespace eprop::learning
