#include "synapses/synapse_tile.hpp"

#include <limits>

#include "core/refuse.hpp"

namespace eprop::synapses {

SynapseTile::SynapseTile(const std::vector<network::Connection>& connections, core::Range range,
                         std::uint32_t n_sources)
    : targets(range), begin(static_cast<std::size_t>(n_sources) + 1, 0) {
  if (connections.size() >= std::numeric_limits<std::uint32_t>::max()) {
    core::refuse("projection", "synapses per tile", connections.size(), "",
                 "must stay below 2^32; use more threads or ranks");
  }
  for (const auto& c : connections) ++begin[c.source + 1];
  for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  target.resize(connections.size());
  auto next = begin;
  for (const auto& c : connections) {
    const auto t = static_cast<std::uint16_t>(c.target - range.begin);
    const auto s = next[c.source]++;
    repeats = repeats || (s > begin[c.source] && target[s - 1] == t);
    target[s] = t;
  }
}

}  // namespace eprop::synapses
