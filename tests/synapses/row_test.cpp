#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "synapses/transmit.hpp"

namespace eprop::synapses {
namespace {

constexpr std::uint32_t width = 40;
using Targets = std::vector<std::uint32_t>;

/// A tile of a few sources with the given ascending targets each and weights 1, 1.1, 1.2, ...,
/// whose sums depend on the order in which they are added.
SynapseTile make_tile(const std::vector<Targets>& targets, std::uint32_t n_targets = width) {
  std::vector<network::Connection> list;
  for (std::uint32_t j = 0; j < n_targets; ++j) {
    for (std::uint32_t source = 0; source < targets.size(); ++source) {
      for (const auto t : targets[source]) {
        if (t == j) list.push_back({source, j, list.size()});
      }
    }
  }
  SynapseTile tile(list, {0, n_targets}, static_cast<std::uint32_t>(targets.size()));
  for (std::size_t s = 0; s < tile.size(); ++s) tile.weight[s] = 1.0 + 0.1 * static_cast<double>(s);
  return tile;
}

Targets consecutive(std::uint32_t first, std::uint32_t last) {
  Targets t;
  for (auto j = first; j < last; ++j) t.push_back(j);
  return t;
}

Targets with_gap(std::uint32_t first, std::uint32_t last, std::uint32_t gap) {
  Targets t;
  for (auto j = first; j < last; ++j) {
    if (j != gap) t.push_back(j);
  }
  return t;
}

/// 0 for scattered targets.
int runs_of(const Row& row) {
  int runs = 0;
  for_each_run(row, [&]<class Index>(std::uint32_t, std::uint32_t, Index) {
    runs += std::is_same_v<Index, Consecutive>;
  });
  return runs;
}

TEST(Row, OfConsecutiveTargetsIsOneRun) {
  const auto tile = make_tile({consecutive(0, width), consecutive(7, 19), {5}});
  for (const std::uint32_t source : {0U, 1U, 2U}) {
    const Row row(tile, source);
    EXPECT_EQ(runs_of(row), 1);
    EXPECT_EQ(row.runs.cut, row.size);
  }
}

TEST(Row, WithOneTargetLeftOutIsTwoRuns) {
  for (std::uint32_t gap = 4; gap < 20; ++gap) {
    const auto tile = make_tile({with_gap(3, 21, gap)});
    const Row row(tile, 0);
    EXPECT_EQ(runs_of(row), 2);
    EXPECT_EQ(row.runs.cut, gap - 3);
    EXPECT_EQ(row.size, 17U);
  }
}

TEST(Row, MayHaveAGapOfAnyWidthBetweenItsTwoRuns) {
  const auto tile = make_tile({{1, 2, 3, 30, 31}, {0, 39}, {5, 6, 9}, consecutive(0, width)});
  const std::uint32_t first_runs[] = {3, 1, 2};
  for (std::uint32_t source = 0; source < 3; ++source) {
    EXPECT_EQ(runs_of(Row(tile, source)), 2);
    EXPECT_EQ(Row(tile, source).runs.cut, first_runs[source]);
  }
}

TEST(Row, OfMoreRunsIsScattered) {
  const auto tile = make_tile({{0, 2, 4}, {1, 2, 5, 6, 8}, {3, 6, 7, 30}, consecutive(0, width)});
  for (std::uint32_t source = 0; source < 3; ++source) {
    EXPECT_EQ(runs_of(Row(tile, source)), 0) << source;
  }
}

TEST(Row, HasNoTargetTwiceInARun) {
  const auto tile = make_tile({{3, 3, 4}, {3, 4, 4, 5, 5}, consecutive(0, width)});
  EXPECT_EQ(runs_of(Row(tile, 0)), 2);
  EXPECT_EQ(Row(tile, 0).runs.cut, 1U);
  EXPECT_EQ(runs_of(Row(tile, 1)), 0);
}

TEST(Row, WithoutSynapsesIsEmpty) {
  const auto tile = make_tile({{}, consecutive(0, 3), {}});
  for (const std::uint32_t source : {0U, 2U}) {
    EXPECT_EQ(Row(tile, source).size, 0U);
    EXPECT_EQ(runs_of(Row(tile, source)), 0);
  }
}

TEST(Row, IsNotSearchedForRunsWhereTheseAreSeldomOrShort) {
  for (const auto& targets :
       {std::vector<Targets>{consecutive(0, 9), {0, 2, 4, 6, 8, 10, 12, 14, 16, 18}},
        std::vector<Targets>{{0, 1}, {5}, {7, 9}}}) {
    const auto tile = make_tile(targets);
    EXPECT_EQ(tile.runs.capacity(), 0U);
    for (std::uint32_t source = 0; source < targets.size(); ++source) {
      EXPECT_EQ(runs_of(Row(tile, source)), 0);
      EXPECT_EQ(Row(tile, source).size, targets[source].size());
    }
  }
}

/// Rows of every shape: dense, with one gap anywhere, scattered, empty, and with repeats.
std::vector<std::vector<Targets>> shapes() {
  std::vector<Targets> once{consecutive(0, width), consecutive(3, 4), {}, {2, 30}};
  for (std::uint32_t gap = 6; gap < 35; gap += 3) once.push_back(with_gap(5, 36, gap));
  std::mt19937 random(4);
  for (int k = 0; k < 20; ++k) {
    std::set<std::uint32_t> some;
    while (static_cast<int>(some.size()) <= k)
      some.insert(static_cast<std::uint32_t>(random() % width));
    once.emplace_back(some.begin(), some.end());
  }
  auto repeated = once;
  for (auto& t : repeated) {
    if (!t.empty()) t.insert(t.begin(), t.front());
  }
  // Sources that are mostly without synapses, as those of a large network are in a small tile.
  std::vector<Targets> few(200);
  for (std::size_t k = 0; k < once.size(); ++k) few[5 * k + 2] = once[k];
  return {once, repeated, few};
}

/// Transmits from all sources in a step, from every second one in the next, and from none, to
/// inputs that differ. What lies behind the inputs is another tile's.
void expect_sums_of_weights(const SynapseTile& tile) {
  const auto n = tile.targets.size();
  std::vector<double> into(n + core::Lanes::size());
  for (std::size_t i = 0; i < into.size(); ++i) into[i] = 0.1 * static_cast<double>(i);
  auto expected = into;
  for (const std::uint32_t every : {1U, 2U}) {
    std::vector<std::uint32_t> sources;
    for (std::uint32_t source = 0; source < tile.n_sources(); source += every) {
      sources.push_back(source);
      const Row row(tile, source);
      for (auto s = row.first; s < row.first + row.size; ++s) {
        expected[tile.target[s]] += tile.weight[s];
      }
    }
    transmit(tile, sources, into.data());
    EXPECT_EQ(into, expected) << n << " targets";
  }
  transmit(tile, {}, into.data());
  EXPECT_EQ(into, expected) << n << " targets";
}

TEST(Transmit, AddsEachWeightToItsTarget) {
  for (const auto& targets : shapes()) {
    const auto tile = make_tile(targets);
    EXPECT_EQ(tile.row_shape, RowShape::any);
    expect_sums_of_weights(tile);
  }
}

TEST(Transmit, AddsDenseRowsOfAnyWidth) {
  for (std::uint32_t n = 1; n < 80; ++n) {
    const auto tile = make_tile({consecutive(0, n), consecutive(0, n), consecutive(0, n)}, n);
    EXPECT_EQ(tile.row_shape, RowShape::dense);
    expect_sums_of_weights(tile);
  }
}

TEST(Transmit, LeavesOutTheAutapsesOfDenseRows) {
  for (std::uint32_t n = 2; n < 80; ++n) {
    std::vector<Targets> targets{consecutive(0, n)};
    for (std::uint32_t source = 0; source < n; ++source) targets.push_back(with_gap(0, n, source));
    const auto tile = make_tile(targets, n);
    EXPECT_EQ(tile.row_shape, RowShape::dense_with_gaps);
    expect_sums_of_weights(tile);
  }
}

TEST(Transmit, TakesRowsForDenseOnlyIfEachTargetIsTheirsOnce) {
  for (const auto& targets : {Targets{0, 1, 1, 2}, Targets{0, 1, 2, 2, 3}, Targets{1, 2, 3, 4, 5},
                              Targets{0, 2, 4, 5}, Targets{}}) {
    const auto tile = make_tile({consecutive(0, 6), targets}, 6);
    const bool one_is_missing = targets.size() == 5 && targets[0] == 1;
    EXPECT_EQ(tile.row_shape, one_is_missing ? RowShape::dense_with_gaps : RowShape::any);
    expect_sums_of_weights(tile);
  }
}

TEST(Transmit, ToATargetWithoutSynapsesAddsNothing) {
  const auto tile = make_tile({{}, {}, {}}, 1);
  EXPECT_EQ(tile.row_shape, RowShape::any);
  expect_sums_of_weights(tile);
}

TEST(Gather, SumsTheCoefficientsOfTheTargetsOverSteps) {
  constexpr std::size_t stride = width + 3, rows = 30;
  std::mt19937 random(5);
  std::normal_distribution<double> draw;
  std::vector<double> coefficients(rows * stride);
  for (auto& x : coefficients) x = draw(random);
  for (const auto& targets : shapes()) {
    const auto tile = make_tile(targets);
    for (const auto& steps : {Targets{}, Targets{0}, Targets{29}, Targets{2, 3, 17, 28}}) {
      for (std::uint32_t source = 0; source < targets.size(); ++source) {
        const Row row(tile, source);
        std::vector<double> sum(row.size, 99.0), expected(row.size, 0.0);
        for (const auto step : steps) {
          for (std::uint32_t s = 0; s < row.size; ++s) {
            expected[s] += coefficients[step * stride + tile.target[row.first + s]];
          }
        }
        gather(row, steps, coefficients.data(), stride, sum.data());
        EXPECT_EQ(sum, expected) << "source " << source;
      }
    }
  }
}

}  // namespace
}  // namespace eprop::synapses
