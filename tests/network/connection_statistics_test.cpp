#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <vector>

#include "network/connections.hpp"

namespace eprop::network {
namespace {

constexpr std::uint32_t n_sources = 400, n_targets = 300;
constexpr double n_pairs = double{n_sources} * n_targets;

std::vector<Connection> make(const ConnectionRule& rule, bool same = false) {
  const core::RandomStream random(99, core::Purpose::connection, 0);
  return connections(rule, {n_sources, n_targets, same}, {0, n_targets}, random);
}

template <class Key>
std::vector<double> counts(const std::vector<Connection>& list, std::size_t n, Key key) {
  std::vector<double> result(n, 0.0);
  for (const auto& c : list) ++result[key(c)];
  return result;
}

std::vector<double> indegrees(const std::vector<Connection>& list) {
  return counts(list, n_targets, [](const Connection& c) { return c.target; });
}

std::vector<double> outdegrees(const std::vector<Connection>& list) {
  return counts(list, n_sources, [](const Connection& c) { return c.source; });
}

/// Pearson's statistic of counts against equal expectations of the given variance: of mean n.
double chi_squared(const std::vector<double>& observed, double expected, double variance) {
  double sum = 0.0;
  for (const double x : observed) sum += (x - expected) * (x - expected) / variance;
  return sum;
}

/// A chi-squared variable of n degrees has standard deviation sqrt(2 n); five of them either way.
void expect_chi_squared(double statistic, double n) {
  EXPECT_NEAR(statistic, n, 5.0 * std::sqrt(2.0 * n));
}

TEST(PairwiseBernoulliStatistics, ConnectsTheGivenFractionOfPairs) {
  for (const double p : {0.001, 0.05, 0.5, 0.93}) {
    const auto n = static_cast<double>(make(PairwiseBernoulli{.p = p}).size());
    EXPECT_NEAR(n, p * n_pairs, 4.5 * std::sqrt(n_pairs * p * (1.0 - p)));
  }
}

TEST(PairwiseBernoulliStatistics, DegreesAreBinomial) {
  constexpr double p = 0.1;
  const auto list = make(PairwiseBernoulli{.p = p});
  expect_chi_squared(chi_squared(indegrees(list), p * n_sources, p * (1 - p) * n_sources),
                     n_targets);
  expect_chi_squared(chi_squared(outdegrees(list), p * n_targets, p * (1 - p) * n_targets),
                     n_sources);
}

TEST(FixedIndegreeStatistics, DrawsSourcesUniformly) {
  for (const bool multapses : {true, false}) {
    const auto list = make(FixedIndegree{.indegree = 40, .multapses = multapses});
    const double expected = 40.0 * n_targets / n_sources;
    const double q = multapses ? 1.0 / n_sources : 40.0 / n_sources;
    expect_chi_squared(chi_squared(outdegrees(list), expected, expected * (1.0 - q)), n_sources);
  }
}

TEST(FixedIndegreeStatistics, DrawsEverySetOfDistinctSourcesEquallyOften) {
  const core::RandomStream random(99, core::Purpose::connection, 0);
  const FixedIndegree pairs_of_four{.indegree = 2, .multapses = false};
  const auto list = connections(pairs_of_four, {4, 6000, false}, {0, 6000}, random);
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> sets;
  for (std::size_t s = 0; s < list.size(); s += 2) ++sets[{list[s].source, list[s + 1].source}];
  ASSERT_EQ(sets.size(), 6U);
  for (const auto& [set, n] : sets) EXPECT_NEAR(n, 1000, 130);  // 4.5 standard deviations
}

TEST(FixedOutdegreeStatistics, DrawsTargetsUniformly) {
  for (const bool multapses : {true, false}) {
    const auto list = make(FixedOutdegree{.outdegree = 30, .multapses = multapses});
    const double expected = 30.0 * n_sources / n_targets;
    const double q = multapses ? 1.0 / n_targets : 30.0 / n_targets;
    expect_chi_squared(chi_squared(indegrees(list), expected, expected * (1.0 - q)), n_targets);
  }
}

TEST(FixedIndegreeStatistics, WithoutAutapsesAllOthersAreEquallyLikely) {
  const FixedIndegree rule{.indegree = 2, .autapses = false, .multapses = false};
  std::vector<double> distances(6, 0.0);  // (source - target) mod 6
  for (std::uint32_t run = 0; run < 2000; ++run) {
    const core::RandomStream stream(run, core::Purpose::connection, 0);
    for (const auto& c : connections(rule, {6, 6, true}, {0, 6}, stream)) {
      ++distances[(c.source + 6 - c.target) % 6];
    }
  }
  EXPECT_EQ(distances[0], 0.0);
  for (std::size_t k = 1; k < 6; ++k) EXPECT_NEAR(distances[k], 4800.0, 4.5 * std::sqrt(4800.0));
}

}  // namespace
}  // namespace eprop::network
