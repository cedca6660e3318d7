#include "synapses/synapse_tile.hpp"

#include <limits>

#include "core/refuse.hpp"

namespace eprop::synapses {
namespace {

/// Length of the first run of consecutive targets; 0 if there are more than two runs.
std::uint32_t length_of_first_run(std::span<const std::uint16_t> targets) {
  std::uint32_t runs = 0, second = 0;
  for (std::uint32_t s = 0; s < targets.size(); ++s) {
    if (s > 0 && targets[s] == targets[s - 1] + 1) continue;
    if (++runs == 2) second = s;
    if (runs > 2) return 0;
  }
  return runs == 2 ? second : static_cast<std::uint32_t>(targets.size());
}

}  // namespace

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
  for (std::uint32_t source = 0; source < n_sources; ++source) {
    first_run.push_back(
        length_of_first_run({target.data() + begin[source], begin[source + 1] - begin[source]}));
  }
}

}  // namespace eprop::synapses
