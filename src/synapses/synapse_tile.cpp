#include "synapses/synapse_tile.hpp"

#include <algorithm>
#include <limits>
#include <utility>

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
  // Dense rows are those of all sources.
  if (!tile.sources.has_all() || tile.size() == 0) return RowShape::any;
  const auto n = tile.targets.size();
  auto shape = RowShape::dense;
  for (std::uint32_t row = 0; row < tile.runs.size(); ++row) {
    const auto size = tile.begin[row + 1] - tile.begin[row];
    if (tile.runs[row].cut == 0 || size + 1 < n) return RowShape::any;
    if (size < n) shape = RowShape::dense_with_gaps;
  }
  return tile.repeats ? RowShape::any : shape;
}

/// Whether runs of consecutive targets spare more than they take to be kept: if half of the
/// synapses lie in such, and rows are not too short.
bool runs_are_worth_it(const SynapseTile& tile) {
  if (tile.row_shape != RowShape::any) return true;
  std::uint64_t in_runs = 0;
  for (std::uint32_t row = 0; row < tile.runs.size(); ++row) {
    if (tile.runs[row].cut != 0) in_runs += tile.begin[row + 1] - tile.begin[row];
  }
  return 2 * in_runs >= tile.size() &&
         tile.runs.size() * sizeof(Runs) <= tile.size() * sizeof(tile.target[0]);
}

}  // namespace

SynapseTile::SynapseTile(const std::vector<network::Connection>& connections, core::Range range,
                         std::uint32_t n_sources)
    : SynapseTile(
          range, n_sources,
          [&](auto&& take) {
            for (const auto& c : connections) take(c.source, c.target, c.index);
          },
          [](std::uint32_t, std::uint32_t, std::uint64_t) { return 0.0; }) {}

void SynapseTile::make_rows(std::vector<std::uint32_t>& of_source, std::uint64_t synapses) {
  if (synapses >= std::numeric_limits<std::uint32_t>::max()) {
    core::refuse("projection", "synapses per tile", synapses, "",
                 "must stay below 2^32; use more threads or ranks");
  }
  std::vector<bool> present(of_source.size());
  for (std::size_t source = 0; source < present.size(); ++source) {
    present[source] = of_source[source] != 0;
  }
  sources = core::SourceIndex(present);
  begin.reserve(std::size_t{sources.places()} + 1);
  std::uint32_t next = 0;
  sources.for_each([&](std::uint32_t source, std::uint32_t) {
    begin.push_back(next);
    next += std::exchange(of_source[source], next);
  });
  begin.push_back(next);
}

void SynapseTile::look_at_rows() {
  runs.reserve(sources.places());
  for (std::uint32_t row = 0; row < sources.places(); ++row) {
    const std::span of_row(target.data() + begin[row], begin[row + 1] - begin[row]);
    longest_row = std::max(longest_row, of_row.size());
    repeats = repeats || std::ranges::adjacent_find(of_row) != of_row.end();
    runs.push_back(runs_of(of_row));
  }
  row_shape = shape_of_rows(*this);
  if (!runs_are_worth_it(*this)) runs = std::vector<Runs>();  // = {} would keep its memory
}

std::uint64_t SynapseTile::column_bytes() const {
  auto sum = core::bytes_of(target) + core::bytes_of(optimizations);
  for (const auto& column : synapse_columns) sum += core::bytes_of(this->*column.member);
  return sum;
}

std::uint64_t SynapseTile::row_bytes() const {
  return sources.bytes() + core::bytes_of(begin) + core::bytes_of(runs);
}

}  // namespace eprop::synapses
