#pragma once

#include <cstdint>

namespace eprop::core {

/// Half-open range of global neuron indices.
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] std::uint32_t size() const { return end - begin; }
  [[nodiscard]] bool contains(std::uint32_t i) const { return i >= begin && i < end; }
};

/// Contiguous blocks: part `part` of `parts` of n elements. Parts 0, 1, ... together are 0 ... n-1
/// in order, so what ranks, and threads within ranks, contribute in their order is in global order.
[[nodiscard]] inline Range block(std::uint32_t n, int part, int parts) {
  const auto cut = [&](int p) {
    return static_cast<std::uint32_t>(static_cast<std::uint64_t>(n) * static_cast<unsigned>(p) /
                                      static_cast<unsigned>(parts));
  };
  return {cut(part), cut(part + 1)};
}

/// Where the neurons of a population live: blocks over ranks * threads workers.
struct Layout {
  int ranks = 1;
  int threads = 1;
  int rank = 0;

  [[nodiscard]] Range of_thread(std::uint32_t n, int thread) const {
    return block(n, rank * threads + thread, ranks * threads);
  }
  [[nodiscard]] Range of_rank(std::uint32_t n, int r) const {
    return {block(n, r * threads, ranks * threads).begin,
            block(n, r * threads + threads - 1, ranks * threads).end};
  }
  [[nodiscard]] Range of_this_rank(std::uint32_t n) const { return of_rank(n, rank); }
  /// The rank on which neuron i of n lives.
  [[nodiscard]] int rank_of(std::uint32_t n, std::uint32_t i) const {
    int r = static_cast<int>(static_cast<std::uint64_t>(i) * static_cast<unsigned>(ranks) / n);
    while (i >= of_rank(n, r).end) ++r;
    while (i < of_rank(n, r).begin) --r;
    return r;
  }
};

}  // namespace eprop::core
