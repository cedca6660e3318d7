#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "eprop/comm/communicator.hpp"
#include "state/rank_state.hpp"

/// Checksums of who is connected to whom. A sum of well mixed words, unlike a CRC, does not depend
/// on the order, so every thread adds up what it has. All functions are collective.
namespace eprop::state {

struct ConnectionSum {
  std::uint64_t count = 0;
  std::uint64_t checksum = 0;
};

/// Of synapses, as checkpoints have it.
[[nodiscard]] std::string words(const ConnectionSum& synapses);

/// Of the synapses of each projection: their sources and targets.
[[nodiscard]] std::vector<ConnectionSum> synapse_sums(const RankState& rank,
                                                      comm::Communicator& comm);

/// Of each learning signal: readouts, targets and weights that are not zero.
[[nodiscard]] std::vector<ConnectionSum> signal_sums(const RankState& rank,
                                                     comm::Communicator& comm);

}  // namespace eprop::state
