#include "plasticity/optimizer.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

#include "scalar_optimizer.hpp"
#include "special_values.hpp"

namespace eprop::plasticity {
namespace {

using testing::infinity;
using testing::not_a_number;
using testing::ScalarOptimizer;

/// A tile of n synapses from one source to n targets.
synapses::SynapseTile tile_of(std::uint32_t n, double weight) {
  std::vector<network::Connection> list;
  for (std::uint32_t j = 0; j < n; ++j) list.push_back({0, j, j});
  synapses::SynapseTile tile(list, {0, n}, 1);
  tile.weight.assign(n, weight);
  return tile;
}

Adam adam() {
  Adam o;
  o.eta = 0.01;
  o.beta_1 = 0.8;
  o.beta_2 = 0.99;
  o.epsilon = 1e-3;
  o.Wmin = -0.2;
  o.Wmax = 1.1;
  return o;
}

TEST(OptimizerParameters, AreThoseOfTheSynapseModel) {
  const OptimizerParameters p(adam());
  EXPECT_TRUE(p.moves_without_gradient);
  EXPECT_EQ(p.batch_size, 1);
  EXPECT_EQ(p.eta, 0.01);
  EXPECT_EQ(p.w_min, -0.2);
  EXPECT_EQ(p.w_max, 1.1);
  EXPECT_EQ(std::get<Adam>(p.optimizer).beta_1, 0.8);
  EXPECT_EQ(std::get<Adam>(p.optimizer).beta_2, 0.99);
  EXPECT_EQ(std::get<Adam>(p.optimizer).epsilon, 1e-3);
  GradientDescent descent;
  descent.batch_size = 7;
  EXPECT_FALSE(OptimizerParameters(descent).moves_without_gradient);
  EXPECT_EQ(OptimizerParameters(descent).batch_size, 7);
}

TEST(OptimizerState, IsOnlyWhatTheOptimizerNeeds) {
  auto tile = tile_of(3, 1.0);
  add_optimizer_state(tile, OptimizerParameters(GradientDescent{}));
  EXPECT_TRUE(tile.gradient_sum.empty() && tile.m.empty() && tile.v.empty());
  add_optimizer_state(tile, OptimizerParameters(adam()));
  EXPECT_EQ(tile.m, core::Column(3, 0.0));
  EXPECT_EQ(tile.v, core::Column(3, 0.0));
  EXPECT_TRUE(tile.gradient_sum.empty());
  GradientDescent batched;
  batched.batch_size = 2;
  add_optimizer_state(tile, OptimizerParameters(batched));
  EXPECT_EQ(tile.gradient_sum, core::Column(3, 0.0));
}

class Optimizing : public ::testing::TestWithParam<Optimizer> {};

TEST_P(Optimizing, FollowsItsFormulaForManySteps) {
  constexpr std::uint32_t n = 13;
  const OptimizerParameters p(GetParam());
  auto tile = tile_of(n, 1.0);
  add_optimizer_state(tile, p);
  std::vector<ScalarOptimizer> expected(n, {1.0});
  std::mt19937 random(3);
  std::normal_distribution<double> draw(0.8, 1.0);
  bool at_bound = false;
  for (int step = 1; step <= 200; ++step) {
    const double eta = 0.01 + 0.001 * (step % 5);
    std::vector<double> gradient(n, 0.0);
    for (std::uint32_t s = 3; s < 12; ++s) gradient[s] = draw(random);
    optimize(tile, p, 3, 9, gradient.data() + 3, p.rate(eta, step));
    for (std::uint32_t s = 3; s < 12; ++s) {
      expected[s].add(gradient[s], GetParam(), eta);
      ASSERT_NEAR(tile.weight[s], expected[s].w, 1e-12) << "synapse " << s << " step " << step;
      at_bound = at_bound || tile.weight[s] == p.w_min;
    }
  }
  for (const std::uint32_t s : {0U, 1U, 2U, 12U}) EXPECT_EQ(tile.weight[s], 1.0) << "was not meant";
  EXPECT_TRUE(at_bound);
}

INSTANTIATE_TEST_SUITE_P(Both, Optimizing,
                         ::testing::Values(Optimizer(static_cast<const GradientDescent&>(adam())),
                                           Optimizer(adam())));

INSTANTIATE_TEST_SUITE_P(Every, Optimizing, ::testing::ValuesIn(testing::every_optimizer(adam())));

TEST(OptimizationsWithoutGradient, ChangeSomethingWhereTheOptimizerSaysSo) {
  for (const auto& optimizer : testing::every_optimizer({.eta = 0.01})) {
    const OptimizerParameters p(optimizer);
    auto tile = tile_of(1, 1.0);
    add_optimizer_state(tile, p);
    const double gradient = 0.3, none = 0.0;
    optimize(tile, p, 0, 1, &gradient, p.rate(p.eta, 1));
    const auto before = tile;
    optimize(tile, p, 0, 1, &none, p.rate(p.eta, 2));
    bool changed = false;
    for (const auto& column : synapses::synapse_columns) {
      changed = changed || tile.*column.member != before.*column.member;
    }
    EXPECT_EQ(changed, p.moves_without_gradient) << network::name(optimizer);
  }
}

TEST(LearningRate, OfAdamCorrectsTheBiasOfItsMoments) {
  const OptimizerParameters p(adam());
  EXPECT_DOUBLE_EQ(p.rate(0.5, 1).corrected, 0.5 * std::sqrt(1.0 - 0.99) / (1.0 - 0.8));
  EXPECT_DOUBLE_EQ(p.rate(0.5, 3).corrected,
                   0.5 * std::sqrt(1.0 - std::pow(0.99, 3.0)) / (1.0 - std::pow(0.8, 3.0)));
  EXPECT_DOUBLE_EQ(p.rate(0.5, 1000000).corrected, 0.5);
  EXPECT_EQ(OptimizerParameters(GradientDescent{}).rate(0.5, 3).corrected, 0.5);
}

TEST(Clipping, BoundsWeightsOfTheGivenSynapsesOnly) {
  auto tile = tile_of(4, 5.0);
  add_optimizer_state(tile, OptimizerParameters(adam()));
  tile.weight[2] = -5.0;
  clip(tile, OptimizerParameters(adam()), 1, 2);
  EXPECT_EQ(tile.weight, (core::Column{5.0, 1.1, -0.2, 5.0}));
}

TEST(Clipping, MayFollowSeveralOptimizations) {
  const OptimizerParameters p(adam());
  auto once = tile_of(5, 1.0), apart = tile_of(5, 1.0);
  const std::vector<double> g{0.1, -100.0, 100.0, 0.0, -0.3};
  for (auto* tile : {&once, &apart}) add_optimizer_state(*tile, p);
  optimize(once, p, 0, 5, g.data(), {0.7, 0.7});
  optimize_without_clipping(apart, p, 0, 5, g.data(), {0.7, 0.7});
  EXPECT_GT(apart.weight[1], p.w_max);
  clip(apart, p, 0, 5);
  EXPECT_EQ(apart.weight, once.weight);
}

TEST(Clipping, NotesWhatIsNotFinite) {
  const OptimizerParameters p(adam());
  for (const auto member : {&synapses::SynapseTile::weight, &synapses::SynapseTile::v}) {
    auto tile = tile_of(4, 1.0);
    add_optimizer_state(tile, p);
    clip(tile, p, 0, 4);
    EXPECT_EQ(tile.not_finite, 0U);
    (tile.*member)[2] = -std::numeric_limits<double>::infinity();
    clip(tile, p, 3, 1);
    EXPECT_EQ(tile.not_finite, 0U);
    clip(tile, p, 0, 4);
    EXPECT_NE(tile.not_finite, 0U);
  }
}

/// Whether a tile of 13 synapses notes that something is not finite if one of them has this
/// gradient.
bool notes(const Optimizer& optimizer, double gradient, double eta = 0.01) {
  constexpr std::uint32_t n = 13;
  const OptimizerParameters p(optimizer);
  for (std::uint32_t s = 0; s < n; ++s) {
    auto tile = tile_of(n, 1.0);
    add_optimizer_state(tile, p);
    std::vector<double> g(n, 0.5);
    g[s] = gradient;
    optimize(tile, p, 0, n, g.data(), p.rate(eta, 1));
    if (tile.not_finite == 0) return false;
  }
  return true;
}

TEST(Optimizers, NoteWhatIsNotFinite) {
  for (const Optimizer& optimizer : {Optimizer(adam()), Optimizer(GradientDescent{})}) {
    for (const double gradient : {infinity, -infinity, not_a_number}) {
      EXPECT_TRUE(notes(optimizer, gradient));
      EXPECT_TRUE(notes(optimizer, gradient, 0.0)) << "with a learning rate of 0";
    }
    EXPECT_FALSE(notes(optimizer, 0.5));
    EXPECT_FALSE(notes(optimizer, -1e100)) << "only a bound is met";
  }
  for (const auto& optimizer : testing::every_optimizer(adam())) {
    EXPECT_TRUE(notes(optimizer, infinity)) << network::name(optimizer);
    EXPECT_TRUE(notes(optimizer, not_a_number, 0.0)) << network::name(optimizer);
  }
}

TEST(Optimizers, NoteStepsThatABoundWouldHide) {
  for (const auto& optimizer : testing::every_optimizer({})) {
    EXPECT_TRUE(notes(optimizer, 1e200, 1e200)) << network::name(optimizer);
  }
  EXPECT_TRUE(notes(adam(), 1e200)) << "its square, by which later steps are divided, is infinite";
}

}  // namespace
}  // namespace eprop::plasticity
