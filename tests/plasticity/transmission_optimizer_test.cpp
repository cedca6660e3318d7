#include "plasticity/transmission_optimizer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/flush_denormals.hpp"
#include "scalar_optimizer.hpp"

namespace eprop::plasticity {
namespace {

struct State {
  double w, m, v;
  bool operator==(const State&) const = default;
};

/// Optimizations number done + 1 to n without gradients of synapses with these states.
std::vector<State> coast(const std::vector<State>& states, const OptimizerParameters& p,
                         std::int64_t done, std::int64_t n) {
  const core::FlushDenormals flush;
  synapses::SynapseTile tile;
  for (const auto& state : states) {
    tile.weight.push_back(state.w);
    tile.m.push_back(state.m);
    tile.v.push_back(state.v);
  }
  TransmissionScratch scratch;
  scratch.reserve(states.size());
  const auto size = static_cast<std::uint32_t>(states.size());
  optimize_without_gradients(tile, 0, size, {p, p.eta, false, 1}, done, n, scratch);
  std::vector<State> result;
  for (std::size_t s = 0; s < states.size(); ++s) {
    result.push_back({tile.weight[s], tile.m[s], tile.v[s]});
  }
  return result;
}

/// The same, as it is defined.
State defined(const State& state, const Optimizer& optimizer, std::int64_t done, std::int64_t n) {
  const core::FlushDenormals flush;
  testing::ScalarOptimizer scalar{
      .w = state.w, .m = state.m, .v = state.v, .gradients = done, .optimizations = done};
  while (scalar.optimizations < n)
    scalar.add(0.0, optimizer, network::common_parameters(optimizer).eta);
  return {scalar.w, scalar.m, scalar.v};
}

const std::vector<State> various{{0.3, 0.0, 0.0},    {0.2, 0.0, 1e-3},    {0.1, -1e-2, 1e-3},
                                 {0.4, 1e-300, 1.0}, {-0.1, 1e-250, 0.5}, {-0.2, 5.0, 30.0},
                                 {0.6, 0.0, 2.0}};

}  // namespace

TEST(OptimizationsWithoutGradients, AreThoseOfAdam) {
  for (const double beta_1 : {0.0, 0.5, 0.9}) {
    const Optimizer optimizer = Adam{{.eta = 1e-2}, beta_1, 0.99, 1e-7};
    const OptimizerParameters p(optimizer);
    for (const std::int64_t done : {1, 63, 64, 1000}) {
      for (const std::int64_t further : {0, 1, 2, 70, 1000, 9000}) {
        const auto got = coast(various, p, done, done + further);
        for (std::size_t s = 0; s < various.size(); ++s) {
          const auto expected = defined(various[s], optimizer, done, done + further);
          EXPECT_NEAR(got[s].w, expected.w, 1e-13);
          EXPECT_EQ(got[s].m, expected.m);
          EXPECT_NEAR(got[s].v, expected.v, 1e-11 * expected.v);
        }
      }
    }
  }
}

TEST(OptimizationsWithoutGradients, AreThoseOfEveryOptimizer) {
  for (const auto& optimizer : testing::every_optimizer({.eta = 1e-2})) {
    const OptimizerParameters p(optimizer);
    if (!p.moves_without_gradient) continue;
    SCOPED_TRACE(network::name(optimizer));
    for (const std::int64_t done : {1, 64, 1000}) {
      for (const std::int64_t further : {1, 2, 70, 1000, 9000}) {
        const auto got = coast(various, p, done, done + further);
        for (std::size_t s = 0; s < various.size(); ++s) {
          const auto expected = defined(various[s], optimizer, done, done + further);
          EXPECT_NEAR(got[s].w, expected.w, 1e-13);
          EXPECT_NEAR(got[s].m, expected.m, 1e-11 * std::abs(expected.m));
          EXPECT_NEAR(got[s].v, expected.v, 1e-11 * expected.v);
        }
      }
    }
  }
}

// Ranks and threads share out the synapses of a source differently.
TEST(OptimizationsWithoutGradients, DoNotShowTheNeighbours) {
  for (const auto& optimizer : testing::every_optimizer({.eta = 1e-2})) {
    const OptimizerParameters p(optimizer);
    for (const std::int64_t n : {100, 1000, 20000}) {
      const auto together = coast(various, p, 7, n);
      for (std::size_t s = 0; s < various.size(); ++s) {
        EXPECT_EQ(coast({various[s]}, p, 7, n).front(), together[s]) << s << " up to " << n;
      }
    }
  }
}

// One by one, they would take hours.
TEST(OptimizationsWithoutGradients, EndWhereMomentsHaveVanished) {
  const std::int64_t never = 1'000'000'000'000;
  for (const auto& optimizer : testing::every_optimizer({.eta = 1e-2})) {
    const OptimizerParameters p(optimizer);
    const auto is_state = [&](auto member) {
      const auto columns = p.columns();
      return std::any_of(columns.begin(), columns.end(),
                         [&](const StateColumn& c) { return c.member == member; });
    };
    for (const auto& state : coast(various, p, 1, never)) {
      EXPECT_TRUE(std::isfinite(state.w));
      if (is_state(&synapses::SynapseTile::m)) {
        EXPECT_EQ(state.m, 0.0);
      }
      if (is_state(&synapses::SynapseTile::v)) {
        EXPECT_EQ(state.v, 0.0);
      }
    }
  }
}

}  // namespace eprop::plasticity
