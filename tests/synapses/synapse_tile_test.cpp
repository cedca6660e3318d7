#include "synapses/synapse_tile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "network/connections.hpp"

namespace eprop::synapses {
namespace {

using network::Connection;
using Columns16 = std::vector<std::uint16_t>;
using Columns32 = std::vector<std::uint32_t>;

TEST(SynapseTile, CompressesConnectionsBySource) {
  // (source, target, index) onto the targets 10..13, ordered by target
  const std::vector<Connection> list{{2, 10, 0}, {0, 11, 1}, {2, 11, 2}, {2, 13, 3}, {4, 13, 4}};
  const SynapseTile tile(list, {10, 14}, 6);
  EXPECT_EQ(tile.size(), 5U);
  EXPECT_EQ(tile.n_sources(), 6U);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> rows;
  tile.for_each_source([&](std::uint32_t source, core::Range synapses) {
    rows.emplace_back(source, synapses.size());
  });
  EXPECT_EQ(rows, (decltype(rows){{0, 1}, {2, 3}, {4, 1}}));
  EXPECT_EQ(tile.begin, (Columns32{0, 1, 4, 5}));
  EXPECT_EQ(tile.target, (Columns16{1, 0, 1, 3, 3}));
  EXPECT_FALSE(tile.repeats);
  EXPECT_EQ(tile.longest_row, 3U);
}

TEST(SynapseTile, KnowsWhetherASourceReachesATargetTwice) {
  EXPECT_TRUE(SynapseTile({{0, 5, 0}, {1, 5, 1}, {1, 5, 2}}, {5, 7}, 2).repeats);
  EXPECT_FALSE(SynapseTile({{0, 5, 0}, {1, 5, 1}, {1, 6, 2}}, {5, 7}, 2).repeats);
  EXPECT_FALSE(SynapseTile({{0, 5, 0}, {1, 5, 1}}, {5, 7}, 2).repeats);  // neighbours in memory
}

TEST(SynapseTile, MayBeEmpty) {
  const SynapseTile tile({}, {3, 3}, 4);
  EXPECT_EQ(tile.size(), 0U);
  EXPECT_EQ(tile.n_sources(), 4U);
  tile.for_each_source([](std::uint32_t, core::Range synapses) { EXPECT_EQ(synapses.size(), 0U); });
}

TEST(SynapseTile, OfManySourcesTakesMemoryForThoseThatItHas) {
  std::vector<Connection> list;
  for (std::uint32_t k = 0; k < 100; ++k) list.push_back({1000 * k, 5, k});
  EXPECT_LT(SynapseTile(list, {5, 6}, 100'000).row_bytes(), 100'000 / 4);
  list.clear();
  for (std::uint32_t k = 0; k < 100'000; ++k) list.push_back({k, 5, k});
  EXPECT_GE(SynapseTile(list, {5, 6}, 100'000).row_bytes(), 4 * 100'000);
}

TEST(SynapseTile, HoldsUpTo65536Targets) {
  const SynapseTile tile({{0, 100, 0}, {0, 100 + 65535, 1}}, {100, 100 + 65536}, 1);
  EXPECT_EQ(tile.target, (Columns16{0, 65535}));
}

TEST(SynapseTile, KeepsEveryConnectionOfEveryRule) {
  const core::RandomStream random(3, core::Purpose::connection, 0);
  const core::Range range{15, 40};
  for (const double p : {0.05, 0.5, 1.0}) {
    const auto list =
        network::connections(PairwiseBernoulli{.p = p}, {30, 60, false}, range, random);
    const SynapseTile tile(list, range, 30);
    std::vector<std::tuple<std::uint32_t, std::uint32_t>> expected, found;
    for (const auto& c : list) expected.emplace_back(c.source, c.target);
    std::sort(expected.begin(), expected.end());
    tile.for_each_source([&](std::uint32_t source, core::Range synapses) {
      for (auto s = synapses.begin; s < synapses.end; ++s) {
        found.emplace_back(source, range.begin + tile.target[s]);
      }
    });
    EXPECT_EQ(found, expected);
  }
}

}  // namespace
}  // namespace eprop::synapses
