#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace eprop {

/// Bytes of what a rank keeps in memory as long as it simulates, counted structure by structure, of
/// all its replicas. Not among them: the description of the network, recordings, inputs, the
/// gradients of a batch that replicas keep, buffers that do not grow with the network, and what the
/// allocator adds. Archives and the history of spikes have their size after two update intervals.
struct MemoryUse {
  std::uint64_t synapses = 0;  ///< targets, weights, and what synapses need to learn
  std::uint64_t rows = 0;      ///< where the synapses of each source are
  std::uint64_t clocks = 0;    ///< when each source has spiked (plus family)
  std::uint64_t neurons = 0;   ///< state and parameters of neurons and readouts, learning signals
  std::uint64_t archives = 0;  ///< what learning reads of the neurons' past
  std::uint64_t spikes = 0;    ///< the history of spikes
  std::uint64_t exchange = 0;  ///< routes of spikes to other ranks, messages to and from these
};

/// What a rank has of a simulation, and what it has done since this was built.
struct RankStatistics {
  std::uint64_t synapses = 0;  ///< of all projections
  MemoryUse bytes;
  std::uint64_t spikes = 0;         ///< of its recurrent neurons
  std::uint64_t messages_sent = 0;  ///< to other ranks, with spikes and learning signals
  std::uint64_t bytes_sent = 0;     ///< in these
  std::uint64_t steps = 0;          ///< of the network or, with replicas, of the rank's main one
  std::uint64_t steps_of_one_thread = 0;  ///< of these; the others its threads have shared
  /// Seconds in each phase of the loop, of the first thread.
  std::vector<std::pair<std::string, double>> phase_seconds;
};

}  // namespace eprop
