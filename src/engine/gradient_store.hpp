#pragma once

#include <cstddef>
#include <vector>

#include "core/column.hpp"
#include "eprop/comm/communicator.hpp"
#include "state/rank_state.hpp"

namespace eprop::engine {

/// The gradients of several samples for all synapses of a rank that learn by update intervals:
/// kept one by one, so that they are summed in the order of samples, whoever has simulated them.
class GradientStore {
 public:
  /// Gives the synapses of `rank` their places.
  explicit GradientStore(state::RankState& rank);

  [[nodiscard]] std::size_t size() const { return size_; }  ///< synapses
  /// Room for so many samples; drops what was kept.
  void reserve(std::size_t samples);
  /// Makes updates of a rank of the same parts put their gradients where `sample` has them, in
  /// [0, samples).
  void keep(state::RankState& rank, std::size_t sample);
  /// Makes synapses learn again.
  static void learn(state::RankState& rank);

  /// Adds the samples [0, n), one after the other, to the sums of the synapses [first, last).
  void add(std::size_t n, std::size_t first, std::size_t last);
  /// The sums of these synapses, to be sent.
  void get_sums(std::size_t first, std::size_t last, comm::Bytes& to) const;
  /// CommError if they are not as many.
  void set_sums(std::size_t first, std::size_t last, const comm::Bytes& from);

 private:
  /// A tile that learns.
  struct Place {
    synapses::SynapseTile* tile;
    std::size_t first;
  };
  /// f(sums of consecutive synapses, the first one's place, number of them)
  template <class F>
  void for_each_part(std::size_t first, std::size_t last, F&& f) const;

  std::vector<Place> places_;
  std::vector<std::size_t> of_worker_;  ///< where the synapses of each begin
  std::size_t size_ = 0;
  core::Column gradients_;  ///< [sample][synapse]
};

}  // namespace eprop::engine
