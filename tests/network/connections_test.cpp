#include "network/connections.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace eprop::network {

static bool operator==(const Connection& a, const Connection& b) {
  return std::tie(a.source, a.target, a.index) == std::tie(b.source, b.target, b.index);
}

namespace {

const core::RandomStream stream(7, core::Purpose::connection, 2);
constexpr ConnectionSpace square_space{20, 20, true};
constexpr ConnectionSpace oblong_space{31, 20, false};

using Pairs = std::multiset<std::pair<std::uint32_t, std::uint32_t>>;

std::vector<Connection> all(const ConnectionRule& rule, const ConnectionSpace& space) {
  return connections(rule, space, {0, space.targets}, stream);
}

Pairs pairs_of(const std::vector<Connection>& list) {
  Pairs result;
  for (const auto& c : list) result.emplace(c.source, c.target);
  return result;
}

std::vector<std::size_t> indegrees(const std::vector<Connection>& list, std::uint32_t targets) {
  std::vector<std::size_t> degrees(targets, 0);
  for (const auto& c : list) ++degrees[c.target];
  return degrees;
}

std::vector<std::size_t> outdegrees(const std::vector<Connection>& list, std::uint32_t sources) {
  std::vector<std::size_t> degrees(sources, 0);
  for (const auto& c : list) ++degrees[c.source];
  return degrees;
}

bool has_autapse(const std::vector<Connection>& list) {
  return std::any_of(list.begin(), list.end(), [](auto& c) { return c.source == c.target; });
}

bool has_multapse(const std::vector<Connection>& list) {
  const auto made = pairs_of(list);
  return std::set(made.begin(), made.end()).size() < made.size();
}

ExplicitList some_list() { return {{3, 0, 19, 3, 7, 3}, {5, 19, 0, 5, 7, 4}}; }

std::vector<ConnectionRule> every_rule() {
  return {AllToAll{},
          AllToAll{.autapses = false},
          OneToOne{},
          FixedIndegree{.indegree = 9},
          FixedIndegree{.indegree = 9, .autapses = false},
          FixedIndegree{.indegree = 9, .autapses = false, .multapses = false},
          FixedOutdegree{.outdegree = 8},
          FixedOutdegree{.outdegree = 8, .autapses = false, .multapses = false},
          PairwiseBernoulli{.p = 0.3},
          PairwiseBernoulli{.p = 0.3, .autapses = false},
          PairwiseBernoulli{.p = 1.0},
          PairwiseBernoulli{.p = 0.0},
          some_list()};
}

TEST(Connections, AreTheSameForEveryTilingOfTheTargets) {
  for (const auto& rule : every_rule()) {
    const auto whole = all(rule, square_space);
    for (int parts = 1; parts <= 23; ++parts) {
      std::vector<Connection> joined;
      for (int p = 0; p < parts; ++p) {
        const auto part = connections(rule, square_space, core::block(20, p, parts), stream);
        joined.insert(joined.end(), part.begin(), part.end());
      }
      EXPECT_TRUE(joined == whole) << "rule " << rule.index() << " in " << parts << " parts";
    }
  }
}

TEST(Connections, AreOrderedByTargetSourceAndIndex) {
  for (const auto& rule : every_rule()) {
    const auto list = all(rule, square_space);
    EXPECT_TRUE(std::is_sorted(list.begin(), list.end(),
                               [](const auto& a, const auto& b) {
                                 return std::tie(a.target, a.source, a.index) <
                                        std::tie(b.target, b.source, b.index);
                               }))
        << "rule " << rule.index();
  }
}

TEST(Connections, HaveIndicesThatAreUniqueInTheProjection) {
  for (const auto& rule : every_rule()) {
    std::set<std::uint64_t> indices;
    const auto list = all(rule, square_space);
    for (const auto& c : list) indices.insert(c.index);
    EXPECT_EQ(indices.size(), list.size()) << "rule " << rule.index();
  }
}

TEST(AllToAllConnections, AreAllPairsIndexedByTargetThenSource) {
  const auto list = all(AllToAll{}, oblong_space);
  ASSERT_EQ(list.size(), 31U * 20U);
  for (std::size_t k = 0; k < list.size(); ++k) {
    EXPECT_TRUE((list[k] == Connection{static_cast<std::uint32_t>(k % 31),
                                       static_cast<std::uint32_t>(k / 31), k}));
  }
}

TEST(AllToAllConnections, WithoutAutapsesSkipTheDiagonalOfOnePopulationOnly) {
  const AllToAll rule{.autapses = false};
  const auto list = all(rule, square_space);
  EXPECT_EQ(list.size(), 20U * 19U);
  EXPECT_FALSE(has_autapse(list));
  EXPECT_EQ(list[0].index, 1U);  // the array keeps the entry of the autapse
  EXPECT_EQ(all(rule, {20, 20, false}).size(), 400U);
}

TEST(OneToOneConnections, ConnectEqualIndices) {
  const auto list = all(OneToOne{}, square_space);
  ASSERT_EQ(list.size(), 20U);
  for (std::uint32_t i = 0; i < 20; ++i) EXPECT_TRUE((list[i] == Connection{i, i, i}));
}

TEST(FixedIndegreeConnections, GiveEveryTargetItsSources) {
  for (const bool autapses : {true, false}) {
    for (const bool multapses : {true, false}) {
      const FixedIndegree rule{.indegree = 12, .autapses = autapses, .multapses = multapses};
      const auto list = all(rule, square_space);
      EXPECT_EQ(indegrees(list, 20), std::vector<std::size_t>(20, 12));
      EXPECT_EQ(has_autapse(list), autapses);
      EXPECT_EQ(has_multapse(list), multapses);
    }
  }
}

TEST(FixedIndegreeConnections, CanTakeAllSourcesThatThereAre) {
  const auto list =
      all(FixedIndegree{.indegree = 19, .autapses = false, .multapses = false}, square_space);
  EXPECT_EQ(pairs_of(list), pairs_of(all(AllToAll{.autapses = false}, square_space)));
}

TEST(FixedIndegreeConnections, AreIndexedByTargetThenDraw) {
  for (const auto& c : all(FixedIndegree{.indegree = 12}, oblong_space)) {
    EXPECT_EQ(c.index / 12, c.target);
    EXPECT_LT(c.source, 31U);
  }
}

TEST(FixedOutdegreeConnections, GiveEverySourceItsTargets) {
  for (const bool autapses : {true, false}) {
    for (const bool multapses : {true, false}) {
      const FixedOutdegree rule{.outdegree = 12, .autapses = autapses, .multapses = multapses};
      const auto list = all(rule, square_space);
      EXPECT_EQ(outdegrees(list, 20), std::vector<std::size_t>(20, 12));
      EXPECT_EQ(has_autapse(list), autapses);
      EXPECT_EQ(has_multapse(list), multapses);
    }
  }
}

TEST(FixedOutdegreeConnections, AreIndexedBySourceThenDraw) {
  for (const auto& c : all(FixedOutdegree{.outdegree = 12}, oblong_space)) {
    EXPECT_EQ(c.index / 12, c.source);
    EXPECT_LT(c.target, 20U);
  }
}

TEST(PairwiseBernoulliConnections, OfProbabilityOneAreAllPairs) {
  EXPECT_TRUE(all(PairwiseBernoulli{.p = 1.0}, oblong_space) == all(AllToAll{}, oblong_space));
  EXPECT_TRUE(all(PairwiseBernoulli{.p = 1.0, .autapses = false}, square_space) ==
              all(AllToAll{.autapses = false}, square_space));
}

TEST(PairwiseBernoulliConnections, OfProbabilityZeroAreNone) {
  EXPECT_TRUE(all(PairwiseBernoulli{.p = 0.0}, oblong_space).empty());
  EXPECT_TRUE(all(PairwiseBernoulli{.p = 1e-300}, oblong_space).empty());
}

TEST(PairwiseBernoulliConnections, AreDistinctPairsIndexedByTargetThenSource) {
  const auto list = all(PairwiseBernoulli{.p = 0.5, .autapses = false}, square_space);
  EXPECT_FALSE(has_autapse(list));
  EXPECT_FALSE(has_multapse(list));
  for (const auto& c : list) EXPECT_EQ(c.index, c.target * 20U + c.source);
}

TEST(ExplicitConnections, AreThoseOfTheListIndexedByEntry) {
  const auto list = all(some_list(), square_space);
  const std::vector<Connection> expected{{19, 0, 2}, {3, 4, 5}, {3, 5, 0},
                                         {3, 5, 3},  {7, 7, 4}, {0, 19, 1}};
  EXPECT_TRUE(list == expected);
}

TEST(RandomConnections, DependOnTheStream) {
  const std::vector<ConnectionRule> rules{
      FixedIndegree{.indegree = 9}, FixedOutdegree{.outdegree = 9}, PairwiseBernoulli{.p = 0.5}};
  for (const auto& rule : rules) {
    const core::RandomStream other_seed(8, core::Purpose::connection, 2);
    const core::RandomStream other_projection(7, core::Purpose::connection, 3);
    EXPECT_FALSE(connections(rule, square_space, {0, 20}, other_seed) == all(rule, square_space));
    EXPECT_FALSE(connections(rule, square_space, {0, 20}, other_projection) ==
                 all(rule, square_space));
  }
}

}  // namespace
}  // namespace eprop::network
