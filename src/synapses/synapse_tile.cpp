#include "synapses/synapse_tile.hpp"

#include <limits>

#include "core/refuse.hpp"

namespace eprop::synapses {
namespace {

Runs runs_of(std::span<const std::uint16_t> targets) {
  std::uint32_t n = 0, second = 0;
  for (std::uint32_t s = 0; s < targets.size(); ++s) {
    if (s > 0 && targets[s] == targets[s - 1] + 1) continue;
    if (++n == 2) second = s;
    if (n > 2) return {};
  }
  if (n == 0) return {};
  if (n == 1) return {static_cast<std::uint32_t>(targets.size()), {targets[0]}};
  return {second, {targets[0], targets[second]}};
}

RowShape shape_of_rows(const SynapseTile& tile) {
  const auto n = tile.targets.size();
  auto shape = RowShape::dense;
  for (std::uint32_t source = 0; source < tile.n_sources(); ++source) {
    const auto size = tile.begin[source + 1] - tile.begin[source];
    if (tile.runs[source].cut == 0 || size + 1 < n) return RowShape::any;
    if (size < n) shape = RowShape::dense_with_gaps;
  }
  return tile.repeats ? RowShape::any : shape;
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
    runs.push_back(runs_of({target.data() + begin[source], begin[source + 1] - begin[source]}));
  }
  row_shape = shape_of_rows(*this);
}

}  // namespace eprop::synapses
