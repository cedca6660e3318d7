#pragma once

#include <memory>

#include "core/partition.hpp"
#include "eprop/comm/communicator.hpp"
#include "eprop/network.hpp"
#include "eprop/simulation.hpp"

namespace eprop::engine {

/// How the ranks and threads of a simulation are shared out among replicas of its network: groups
/// of consecutive ranks have one each, or, with as many as there are threads in all, each thread.
class Grouping {
 public:
  /// Collective. InvalidParameter if the options break a rule, or if the samples of the network's
  /// batches are not independent enough for them.
  Grouping(const Network& network, comm::Communicator& all, const SimulationOptions& options);

  /// All ranks of the simulation.
  comm::Communicator& whole;
  /// Those with whom this one shares a replica.
  [[nodiscard]] comm::Communicator& group() const { return own_group_ ? *own_group_ : whole; }
  /// Those of all groups that have the same part of the network, in order of groups; null if there
  /// is one group.
  [[nodiscard]] comm::Communicator* across() const { return across_.get(); }
  [[nodiscard]] bool is_first() const { return !across_ || across_->rank() == 0; }
  [[nodiscard]] int groups() const { return across_ ? across_->size() : 1; }

  int threads;  ///< of this rank
  int lanes;    ///< replicas on this rank, one on each thread; or 1, on all threads

  /// Where a replica's neurons live.
  [[nodiscard]] core::Layout layout() const {
    return {group().size(), threads / lanes, group().rank()};
  }

 private:
  std::unique_ptr<comm::Communicator> own_group_, across_;
};

}  // namespace eprop::engine
