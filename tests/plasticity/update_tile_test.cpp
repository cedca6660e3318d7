#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

#include "plasticity/interval_gradient.hpp"
#include "scalar_optimizer.hpp"

namespace eprop::plasticity {
namespace {

using testing::ScalarOptimizer;

constexpr std::uint32_t sources = 12, targets = 10;
constexpr Step T = 15;

struct Case {
  const char* name;
  Optimizer optimizer;
  bool repeats = false;
  double scale = 1.0;
  std::uint32_t first_counted = 0, last_counted = T - 1;
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

/// Intervals of random spikes and coefficients, seen by a tile and by scalar optimizers.
class UpdateTile : public ::testing::TestWithParam<Case> {
 protected:
  UpdateTile() {
    const core::RandomStream stream(1, core::Purpose::connection, 0);
    const FixedIndegree rule{.indegree = 8, .multapses = c.repeats};
    tile = synapses::SynapseTile(
        network::connections(rule, {sources, targets, false}, {0, targets}, stream), {0, targets},
        sources);
    EXPECT_EQ(tile.repeats, c.repeats);
    std::uniform_real_distribution<double> draw(-1.0, 1.0);
    for (std::size_t s = 0; s < tile.size(); ++s) {
      tile.weight.push_back(draw(random));
      expected.push_back({tile.weight[s]});
    }
    add_optimizer_state(tile, parameters);
    scratch.coefficients.resize((T + 1) * targets);
  }

  void begin_interval() {
    ++k;
    core::SpikeHistory history(T);
    for (auto& steps : emitted) steps.clear();
    for (Step t = 0; t < T; ++t) {
      for (std::uint32_t i = 0; i < sources; ++i) {
        if (i == 4 || random() % 5 != 0) continue;  // source 4 never spikes
        history.append(i);
        emitted[i].push_back(static_cast<std::uint32_t>(t));
      }
      history.end_step();
    }
    spikes.sort(history, 0, T, sources);
    std::normal_distribution<double> draw;
    for (auto& x : scratch.coefficients) x = draw(random);
  }

  [[nodiscard]] IntervalUpdate update() const {
    return {.optimizer = parameters,
            .eta = 0.01 + 0.001 * static_cast<double>(k),
            .scale = c.scale,
            .interval = k,
            .spikes = spikes,
            .first_counted = c.first_counted,
            .last_counted = c.last_counted};
  }

  void update_expected(const std::set<std::uint32_t>& of) {
    for (const auto i : of) {
      const synapses::Row row(tile, i);
      for (auto s = row.first; s < row.first + row.size; ++s) {
        double gradient = 0.0;
        for (const auto t : emitted[i]) {
          if (t < c.first_counted || t >= c.last_counted) continue;
          gradient += scratch.coefficients[(t + 1) * targets + tile.target[s]];
        }
        expected[s].add(gradient * c.scale, c.optimizer, update().eta);
      }
    }
  }

  void compare() const {
    for (std::size_t s = 0; s < tile.size(); ++s) {
      ASSERT_NEAR(tile.weight[s], expected[s].w, 1e-12) << "synapse " << s << " interval " << k;
    }
  }

  const Case& c = GetParam();
  const OptimizerParameters parameters{c.optimizer};
  std::mt19937 random{8};
  synapses::SynapseTile tile;
  std::vector<ScalarOptimizer> expected;
  std::vector<std::vector<std::uint32_t>> emitted{sources};
  core::SpikesBySource spikes;
  GradientScratch scratch;
  std::int64_t k = -1;
};

std::set<std::uint32_t> all_sources() {
  std::set<std::uint32_t> all;
  for (std::uint32_t i = 0; i < sources; ++i) all.insert(i);
  return all;
}

TEST_P(UpdateTile, OptimizesEverySynapseWithItsGradient) {
  for (int i = 0; i < 12; ++i) {
    begin_interval();
    update_expected(all_sources());
    update_tile(tile, update(), {}, false, scratch);
    EXPECT_EQ(scratch.gradient.size(), tile.longest_row);  // not as many as synapses
    compare();
  }
}

TEST_P(UpdateTile, UpdatesSourcesThatTransmitEarlyAndTheOthersOnceEach) {
  const std::vector<std::vector<std::uint32_t>> early{
      {}, {0, 3, 11}, {4}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}};
  for (std::size_t i = 0; i < 12; ++i) {
    begin_interval();
    const auto& only = early[i % early.size()];
    update_expected({only.begin(), only.end()});
    update_tile(tile, update(), only, true, scratch);
    compare();
    auto others = all_sources();
    for (const auto source : only) others.erase(source);
    update_expected(others);
    update_tile(tile, update(), only, false, scratch);
    compare();
  }
}

GradientDescent descent(std::int64_t batch_size) {
  GradientDescent o;
  o.batch_size = batch_size;
  o.Wmin = -0.9;
  o.Wmax = 0.95;
  return o;
}

Adam adam(std::int64_t batch_size) {
  Adam o;
  static_cast<GradientDescent&>(o) = descent(batch_size);
  return o;
}

INSTANTIATE_TEST_SUITE_P(All, UpdateTile,
                         ::testing::Values(Case{"descent", descent(1)},
                                           Case{"descent_in_batches", descent(3)},
                                           Case{"adam", adam(1)}, Case{"adam_in_batches", adam(2)},
                                           Case{"repeated_targets", adam(2), true},
                                           Case{"averaged", descent(1), false, 1.0 / 7.0},
                                           Case{"averaged_batches", adam(2), true, 1.0 / 7.0},
                                           Case{"readout_arrivals", descent(1), false, 1.0, 1, T}));

std::vector<Case> every_optimizer() {
  std::vector<Case> cases;
  for (const std::int64_t batch_size : {1, 3}) {
    for (const auto& optimizer : testing::every_optimizer(descent(batch_size))) {
      cases.push_back({network::name(optimizer).data(), optimizer});
    }
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(EveryOptimizer, UpdateTile, ::testing::ValuesIn(every_optimizer()));

}  // namespace
}  // namespace eprop::plasticity
