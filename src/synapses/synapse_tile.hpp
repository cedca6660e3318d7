#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <vector>

#include "core/column.hpp"
#include "core/lanes.hpp"
#include "core/partition.hpp"
#include "core/source_index.hpp"
#include "network/connections.hpp"

namespace eprop::synapses {

/// The targets of a source as one or two runs of consecutive ones, where they are that: rows of
/// dense projections, with or without the autapse, are vector operations.
struct Runs {
  std::uint32_t cut = 0;                    ///< length of the first run; 0: scattered targets
  std::array<std::uint16_t, 2> first = {};  ///< target of each run
};

/// What the rows of a tile have in common: each source connects once to every target, or to all but
/// at most one (the autapse), or anything else.
enum class RowShape : std::uint8_t { dense, dense_with_gaps, any };

/// The synapses of one projection onto a few neighbouring targets of one thread, compressed by
/// source: columns of target and weight, and of what the projection's plasticity needs. Within a
/// source, synapses are ordered by target. Targets are relative to the tile, which holds at most
/// 2^16 of them.
struct SynapseTile {
  SynapseTile() = default;
  /// Of the connections onto the targets `range` (global indices) that visit(take) hands to
  /// take(source, target, index), alike both times that it is called: ordered by target and, for
  /// each source and target, by index. Their weights are weigh(source, target, index).
  template <class Visit, class Weigh>
  SynapseTile(core::Range range, std::uint32_t n_sources, Visit&& visit, Weigh&& weigh);
  /// The same of a list, with weights of zero.
  SynapseTile(const std::vector<network::Connection>& connections, core::Range range,
              std::uint32_t n_sources);

  core::Range targets;          ///< global indices within the target population
  core::SourceIndex sources;    ///< rows are the places of sources
  bool repeats = false;         ///< some source connects to a target more than once
  std::size_t longest_row = 0;  ///< synapses of the source that has most
  RowShape row_shape = RowShape::any;
  std::vector<std::uint32_t> begin;         ///< [row], and one more: its first synapse
  std::vector<Runs> runs;                   ///< [row]; empty where they are hardly worth it
  std::vector<std::uint16_t> target;        ///< [synapse]
  core::Column weight;                      ///< [synapse], pA
  std::vector<std::int64_t> optimizations;  ///< [synapse], optimizations done (plus family, where
                                            ///< synapses of one source may differ in that)
  core::Column gradient_sum;  ///< [synapse], of an open batch; empty if batches hold one gradient
  core::Column m, v;          ///< [synapse], state of the optimizer
  core::Column e_bar, e_reg;  ///< [synapse], eligibility traces (plus family)
  core::Column epsilon;       ///< [synapse], eligibility of the adaptation (plus family)
  core::Column z_bar, i_bar;  ///< [synapse], presynaptic traces (plus family; with two filters)
  /// Not 0 once a weight (before it was clipped), a moment or a sum of gradients was not finite.
  std::uint64_t not_finite = 0;

  [[nodiscard]] std::size_t size() const { return target.size(); }
  /// Does not stay in the nearest caches.
  [[nodiscard]] bool is_large() const { return size() > 1U << 15; }
  [[nodiscard]] std::uint64_t column_bytes() const;
  [[nodiscard]] std::uint64_t row_bytes() const;
  [[nodiscard]] std::uint32_t n_sources() const { return sources.sources(); }
  /// f(source, synapses) for all sources that may have some, ascending.
  template <class F>
  void for_each_source(F&& f) const {
    sources.for_each([&](std::uint32_t source, std::uint32_t row) {
      f(source, core::Range{begin[row], begin[row + 1]});
    });
  }

 private:
  /// From the numbers of synapses of the sources, which become those of their first ones.
  void make_rows(std::vector<std::uint32_t>& of_source, std::uint64_t synapses);
  void look_at_rows();
};

template <class Visit, class Weigh>
SynapseTile::SynapseTile(core::Range range, std::uint32_t n_sources, Visit&& visit, Weigh&& weigh)
    : targets(range) {
  std::vector<std::uint32_t> next(n_sources, 0);
  std::uint64_t n = 0;
  visit([&](std::uint32_t source, std::uint32_t, std::uint64_t) {
    ++next[source];
    ++n;
  });
  make_rows(next, n);
  target.resize(n);
  weight.resize(n);
  visit([&](std::uint32_t source, std::uint32_t t, std::uint64_t index) {
    const auto s = next[source]++;
    target[s] = static_cast<std::uint16_t>(t - range.begin);
    weight[s] = weigh(source, t, index);
  });
  look_at_rows();
}

struct SynapseColumn {
  const char* name;
  core::Column SynapseTile::*member;
  bool of_currents = false;  ///< in checkpoints of projections onto neurons with synaptic currents
                             ///< only
};

/// All columns of numbers, under their names in checkpoints.
inline constexpr std::array<SynapseColumn, 9> synapse_columns{
    {{"weight", &SynapseTile::weight},
     {"gradient_sum", &SynapseTile::gradient_sum},
     {"m", &SynapseTile::m},
     {"v", &SynapseTile::v},
     {"e_bar", &SynapseTile::e_bar},
     {"e_reg", &SynapseTile::e_reg},
     {"epsilon", &SynapseTile::epsilon},
     {"z_bar", &SynapseTile::z_bar},
     {"i_bar", &SynapseTile::i_bar, true}}};

/// The synapses of one source in a tile.
struct Row {
  Row(const SynapseTile& tile, std::uint32_t source) {
    if (!tile.sources.has(source)) return;
    const auto row = tile.sources.place(source);
    first = tile.begin[row];
    size = tile.begin[row + 1] - first;
    if (!tile.runs.empty()) runs = tile.runs[row];
    target = tile.target.data() + first;
  }

  std::uint32_t first = 0;  ///< synapse
  std::uint32_t size = 0;
  Runs runs;
  const std::uint16_t* target = nullptr;  ///< [synapse of the row]
};

/// How many rows before they are worked on those of a large tile are fetched.
inline constexpr std::size_t fetched_ahead = 4;

/// Brings a row into the nearest cache, with its part of some columns, which may be empty. Rows of
/// a large tile lie anywhere in memory.
inline void fetch_row(const SynapseTile& tile, std::uint32_t source,
                      std::initializer_list<const core::Column*> columns) {
  const Row row(tile, source);
  if (row.size == 0) return;
  constexpr std::uint32_t line = 64 / sizeof(double), most = 8 * line;
  __builtin_prefetch(row.target);
  for (const auto* column : columns) {
    if (column->empty()) continue;
    const double* const values = column->data() + row.first;
    for (std::uint32_t s = 0; s < std::min(row.size, most); s += line) {
      __builtin_prefetch(values + s);
    }
    __builtin_prefetch(values + row.size - 1);
  }
}

/// Targets first, first + 1, ...
struct Consecutive {
  std::size_t first;
  [[nodiscard]] std::size_t operator()(std::uint32_t i) const { return first + i; }
};

struct Scattered {
  const std::uint16_t* target;
  [[nodiscard]] std::size_t operator()(std::uint32_t i) const { return target[i]; }
};

/// Calls f(from, to, index) for the row's runs of consecutive targets, index(i) being the target of
/// synapse from + i; for scattered targets once.
template <class F>
void for_each_run(const Row& row, F&& f) {
  if (row.size == 0) return;
  const auto cut = row.runs.cut;
  if (cut == 0) {
    f(0U, row.size, Scattered{row.target});
    return;
  }
  f(0U, cut, Consecutive{row.runs.first[0]});
  if (cut < row.size) f(cut, row.size, Consecutive{row.runs.first[1]});
}

/// sum[s] = sum over `steps` of coefficients[step][target of s], in the order of steps; `stride`
/// values a step.
inline void gather(const Row& row, std::span<const std::uint32_t> steps, const double* coefficients,
                   std::size_t stride, double* __restrict sum) {
  for_each_run(row, [&]<class Index>(std::uint32_t from, std::uint32_t to, Index target) {
    const std::uint32_t n = to - from;
    if constexpr (std::is_same_v<Index, Consecutive>) {
      const double* q = coefficients + target(0);
      core::for_blocks<4 * core::Lanes::size()>(n, [&]<class V>(std::size_t i) {
        V total = 0.0;
        for (const auto step : steps) total += V(q + step * stride + i, core::element_aligned);
        total.copy_to(sum + from + i, core::element_aligned);
      });
    } else {
      std::fill_n(sum, n, 0.0);
      for (const auto step : steps) {
        const double* q = coefficients + step * stride;
        for (std::uint32_t s = 0; s < n; ++s) sum[s] += q[target(s)];
      }
    }
  });
}

}  // namespace eprop::synapses
