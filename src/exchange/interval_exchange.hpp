#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/partition.hpp"
#include "core/spike_history.hpp"
#include "core/step_ring.hpp"
#include "eprop/comm/communicator.hpp"
#include "eprop/step.hpp"

namespace eprop::exchange {

/// Spikes that this rank's neurons of one population emitted since the last exchange, step by step.
struct OwnSpikes {
  std::vector<std::uint32_t> sources;  ///< global indices, ascending within a step
  std::vector<std::size_t> step_ends;  ///< per step, end of its part of `sources`

  [[nodiscard]] std::span<const std::uint32_t> step(std::size_t i) const {
    const auto begin = i == 0 ? 0 : step_ends[i - 1];
    return {sources.data() + begin, step_ends[i] - begin};
  }
  void clear() {
    sources.clear();
    step_ends.clear();
  }
};

/// A spiking population as the exchange sees it.
struct SpikeChannel {
  std::uint32_t size = 0;                 ///< neurons
  std::vector<std::uint32_t> needed;      ///< sources with targets on this rank, ascending; to find
                                          ///< routes, and not kept
  core::SpikeHistory* history = nullptr;  ///< where all ranks' spikes go
  OwnSpikes* own = nullptr;
};

/// Signals of a population of readouts, of which each rank computes its own part of every row.
struct SignalChannel {
  std::uint32_t size = 0;          ///< readouts
  std::vector<bool> readers;       ///< per rank: does it need the others' signals?
  core::StepRing* ring = nullptr;  ///< [step][readout]
};

/// What has been exchanged so far.
struct Traffic {
  std::uint64_t spikes = 0;    ///< of this rank's neurons
  std::uint64_t messages = 0;  ///< sent to other ranks
  std::uint64_t bytes = 0;     ///< in these
};

/// What travels between ranks once per minimum-delay interval: spikes, only to ranks that hold
/// targets of their source, and readout signals, only to ranks that read them; one message per pair
/// of ranks that have anything to say. Messages and routes count a rank's neurons from its first
/// on.
class IntervalExchange {
 public:
  /// Collective. Channels are the same, in the same order, on all ranks.
  IntervalExchange(comm::Communicator& comm, const core::Layout& layout,
                   std::vector<SpikeChannel> spikes, std::vector<SignalChannel> signals);

  /// Collective. Appends the spikes of the steps [first, last) of all ranks, in rank order, to the
  /// histories and fills in the other ranks' signals; clears what was sent.
  void run(Step first, Step last);

  [[nodiscard]] const Traffic& traffic() const { return traffic_; }
  /// Of routes, and of messages and lists of what is in them.
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  void pack(Step first, Step last);
  void unpack(Step first, Step last);
  void imitate_signals(comm::Bytes& message, int from, Step steps) const;
  void find_routes();
  void find_peers();

  comm::Communicator& comm_;
  core::Layout layout_;
  std::vector<SpikeChannel> spikes_;
  std::vector<SignalChannel> signals_;

  struct Routes {
    std::vector<std::uint32_t> begin;  ///< [own neuron], and one more
    std::vector<std::uint32_t> peer;   ///< positions in to_
  };
  std::vector<Routes> routes_;            ///< per spike channel
  std::vector<std::vector<bool>> sends_;  ///< [channel][rank]: does this rank send spikes there?
  std::vector<bool> receives_;            ///< [rank]: does this rank receive from there?
  std::vector<int> to_, from_;
  std::vector<comm::Bytes> out_, in_;
  std::vector<std::vector<std::uint32_t>> outgoing_;  ///< [peer], of one channel and step
  std::vector<std::vector<std::span<const std::uint32_t>>>
      received_;  ///< [from][channel * steps + step]
  Traffic traffic_;
};

}  // namespace eprop::exchange
