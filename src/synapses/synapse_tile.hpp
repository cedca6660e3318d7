#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "core/partition.hpp"
#include "network/connections.hpp"

namespace eprop::synapses {

/// The synapses of one projection onto a few neighbouring targets of one thread, compressed by
/// source: columns of target and weight, and of what the projection's plasticity needs. Within a
/// source, synapses are ordered by target. Targets are relative to the tile, which holds at most
/// 2^16 of them.
struct SynapseTile {
  SynapseTile() = default;
  /// `connections` are those onto the targets `range` (global indices), ordered by target, source,
  /// index.
  SynapseTile(const std::vector<network::Connection>& connections, core::Range range,
              std::uint32_t n_sources);

  core::Range targets;                   ///< global indices within the target population
  bool repeats = false;                  ///< some source connects to a target more than once
  std::vector<std::uint32_t> begin;      ///< [source], and one more: first synapse of a source
  std::vector<std::uint32_t> first_run;  ///< [source], see Row
  std::vector<std::uint16_t> target;     ///< [synapse]
  std::vector<double> weight;            ///< [synapse], pA
  std::vector<std::int64_t>
      optimizations;  ///< [synapse], optimizations done (plus family, if they count)
  std::vector<double>
      gradient_sum;          ///< [synapse], of an open batch; empty if batches hold one gradient
  std::vector<double> m, v;  ///< [synapse], moments of the gradient (adam)
  std::vector<double> e_bar, e_reg;  ///< [synapse], eligibility traces (plus family)
  std::vector<double> epsilon;       ///< [synapse], eligibility of the adaptation (plus family)
  std::vector<double> z_bar;         ///< [synapse], presynaptic trace (plus family)

  [[nodiscard]] std::size_t size() const { return target.size(); }
  [[nodiscard]] bool counts_optimizations() const { return !optimizations.empty(); }
  [[nodiscard]] std::uint32_t n_sources() const {
    return static_cast<std::uint32_t>(begin.size()) - 1;
  }
};

/// The synapses of one source in a tile, as at most two runs of consecutive targets where they are
/// that: rows of dense projections, with or without the autapse, are vector operations.
struct Row {
  Row(const SynapseTile& tile, std::uint32_t source)
      : first(tile.begin[source]),
        size(tile.begin[source + 1] - first),
        cut(tile.first_run[source]),
        runs(cut == 0      ? 0
             : cut == size ? 1
                           : 2) {}

  std::uint32_t first;
  std::uint32_t size;
  std::uint32_t cut;   ///< length of the first run
  std::uint32_t runs;  ///< 0: scattered targets
};

/// into[target] += weight for all synapses of a source.
inline void transmit(const SynapseTile& tile, std::uint32_t source, double* __restrict into) {
  const Row row(tile, source);
  const double* __restrict w = tile.weight.data() + row.first;
  const auto* t = tile.target.data() + row.first;
  if (row.runs == 0) {
    for (std::uint32_t s = 0; s < row.size; ++s) into[t[s]] += w[s];
    return;
  }
  const auto add = [&](std::uint32_t from, std::uint32_t to) {
    double* __restrict x = into + t[from] - from;
#pragma omp simd
    for (std::uint32_t s = from; s < to; ++s) x[s] += w[s];
  };
  add(0, row.cut);
  if (row.runs == 2) add(row.cut, row.size);
}

/// sum[s] = sum over `steps` of coefficients[step][target of s], in the order of steps; `stride`
/// values a step.
inline void gather(const SynapseTile& tile, const Row& row, std::span<const std::uint32_t> steps,
                   const double* coefficients, std::size_t stride, double* __restrict sum) {
  std::fill_n(sum, row.size, 0.0);
  const auto* t = tile.target.data() + row.first;
  for (const auto step : steps) {
    const double* q = coefficients + step * stride;
    if (row.runs == 0) {
      for (std::uint32_t s = 0; s < row.size; ++s) sum[s] += q[t[s]];
      continue;
    }
    const auto add = [&](std::uint32_t from, std::uint32_t to) {
      const double* __restrict x = q + t[from] - from;
#pragma omp simd
      for (std::uint32_t s = from; s < to; ++s) sum[s] += x[s];
    };
    add(0, row.cut);
    if (row.runs == 2) add(row.cut, row.size);
  }
}

/// Calls f(from, to, index) for the row's runs of consecutive targets, index(i) being the target of
/// synapse from + i; for scattered targets once.
template <class F>
void for_each_run(const SynapseTile& tile, const Row& row, F&& f) {
  const auto* target = tile.target.data() + row.first;
  if (row.runs == 0) {
    f(0U, row.size, [target](std::uint32_t i) { return std::size_t{target[i]}; });
    return;
  }
  const auto dense = [&](std::uint32_t from, std::uint32_t to) {
    const std::size_t first = target[from];
    f(from, to, [first](std::uint32_t i) { return first + i; });
  };
  dense(0, row.cut);
  if (row.runs == 2) dense(row.cut, row.size);
}

}  // namespace eprop::synapses
