#pragma once

#include <string>

#include "eprop/simulation.hpp"
#include "eprop/task.hpp"

/// What a training writes into its output file, beside losses.
namespace eprop::training {

/// The attributes of /task: name and times in ms, which the figures need, and of which training it
/// is.
void describe_task(const Task& task, const std::string& identity, Simulation& simulation);

/// Another says that all is done.
inline constexpr const char* finished_attribute = "finished";
void note_end(Simulation& simulation);

/// Full matrices of small projections as /weights/PROJECTION/WHEN, NaN where there is no synapse;
/// not where several synapses connect a pair.
void record_weight_matrices(const Task& task, Simulation& simulation, const std::string& when);

/// Some weights of each plastic projection, once per iteration.
void record_weights(const Task& task, Simulation& simulation);

/// The first sample of the iteration that begins in `step`: spikes of inputs and recurrent neurons,
/// the signals of one neuron of each recurrent population and of all readouts, in reports named
/// after the population plus `suffix`.
void record_iteration(const Task& task, Simulation& simulation, const std::string& suffix,
                      Step step);

}  // namespace eprop::training
