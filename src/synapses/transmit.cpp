#include "synapses/transmit.hpp"

namespace eprop::synapses {
namespace {

using core::element_aligned;
using core::Lanes;
using std::experimental::where;

/// The target that a row of a dense tile leaves out; that behind the last if there is none.
double gap(const SynapseTile& tile, std::uint32_t source) {
  const auto& runs = tile.runs[source];
  return runs.first[0] != 0 ? 0.0 : runs.cut;
}

/// A register of a row's weights, from w on for the targets before the gap and from w - 1 on for
/// those behind it; else 0.
Lanes around_gap(const double* w, const Lanes::mask_type& before, const Lanes::mask_type& behind) {
  Lanes weight = 0.0;
  where(before, weight).copy_from(w, element_aligned);
  where(behind, weight).copy_from(w - 1, element_aligned);
  return weight;
}

/// Adds rows of a dense tile to the K * Lanes::size() targets from `first` on, whose inputs stay in
/// registers meanwhile.
template <std::size_t K, bool gaps>
void add_rows(const SynapseTile& tile, std::span<const std::uint32_t> sources, std::size_t first,
              double* into) {
  const Lanes lane([](int i) { return static_cast<double>(i); });
  Lanes x[K];
  for (std::size_t k = 0; k < K; ++k) {
    x[k].copy_from(into + first + k * Lanes::size(), element_aligned);
  }
  for (const auto source : sources) {
    const double* w = tile.weight.data() + tile.begin[source] + first;
    const double left_out = gaps ? gap(tile, source) - static_cast<double>(first) : 0.0;
    for (std::size_t k = 0; k < K; ++k, w += Lanes::size()) {
      if constexpr (gaps) {
        const Lanes target = lane + static_cast<double>(k * Lanes::size());
        const auto before = target < left_out;
        const auto behind = target > left_out;
        x[k] += around_gap(w, before, behind);
      } else {
        x[k] += Lanes(w, element_aligned);
      }
    }
  }
  for (std::size_t k = 0; k < K; ++k) {
    x[k].copy_to(into + first + k * Lanes::size(), element_aligned);
  }
}

/// The same for the targets from `first` to `last`, which do not fill a register.
void add_ends_of_rows(const SynapseTile& tile, std::span<const std::uint32_t> sources,
                      std::size_t first, std::size_t last, double* into) {
  const Lanes target([](int i) { return static_cast<double>(i); });
  const auto end = static_cast<double>(last - first);
  Lanes x = 0.0;
  where(target < end, x).copy_from(into + first, element_aligned);
  for (const auto source : sources) {
    const double* w = tile.weight.data() + tile.begin[source] + first;
    const double left_out = gap(tile, source) - static_cast<double>(first);
    const auto before = target < std::min(left_out, end);
    const auto behind = target > left_out && target < end;
    x += around_gap(w, before, behind);
  }
  where(target < end, x).copy_to(into + first, element_aligned);
}

template <bool gaps>
void transmit_rows(const SynapseTile& tile, std::span<const std::uint32_t> sources, double* into) {
  constexpr std::size_t K = 4;
  const std::size_t n = tile.targets.size();
  std::size_t i = 0;
  for (; i + K * Lanes::size() <= n; i += K * Lanes::size()) {
    add_rows<K, gaps>(tile, sources, i, into);
  }
  for (; i + Lanes::size() <= n; i += Lanes::size()) add_rows<1, gaps>(tile, sources, i, into);
  if (i < n) add_ends_of_rows(tile, sources, i, n, into);
}

void transmit_row(const SynapseTile& tile, std::uint32_t source, double* __restrict into) {
  const Row row(tile, source);
  const double* __restrict weight = tile.weight.data() + row.first;
  for_each_run(row, [&]<class Index>(std::uint32_t from, std::uint32_t to, Index target) {
    const double* __restrict w = weight + from;
    const std::uint32_t n = to - from;
    std::uint32_t s = 0;
    if constexpr (std::is_same_v<Index, Consecutive>) {
      constexpr std::uint32_t lanes = Lanes::size();
      for (double* x = into + target(0); s + lanes <= n; s += lanes) {
        const Lanes sum = Lanes(x + s, element_aligned) + Lanes(w + s, element_aligned);
        sum.copy_to(x + s, element_aligned);
      }
    }
    for (; s < n; ++s) into[target(s)] += w[s];
  });
}

/// Rows are fetched some rows ahead, and before that, where they begin.
void transmit_fetching(const SynapseTile& tile, std::span<const std::uint32_t> sources,
                       double* into) {
  constexpr auto ahead = fetched_ahead;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (i + 2 * ahead < sources.size() && tile.sources.has_all()) {
      __builtin_prefetch(&tile.begin[sources[i + 2 * ahead]]);
    }
    if (i + ahead < sources.size()) fetch_row(tile, sources[i + ahead], {&tile.weight});
    transmit_row(tile, sources[i], into);
  }
}

}  // namespace

void transmit(const SynapseTile& tile, std::span<const std::uint32_t> sources, double* into) {
  if (sources.empty()) return;
  switch (tile.row_shape) {
    case RowShape::dense:
      return transmit_rows<false>(tile, sources, into);
    case RowShape::dense_with_gaps:
      return transmit_rows<true>(tile, sources, into);
    case RowShape::any:
      if (tile.is_large()) return transmit_fetching(tile, sources, into);
      for (const auto source : sources) transmit_row(tile, source, into);
  }
}

}  // namespace eprop::synapses
