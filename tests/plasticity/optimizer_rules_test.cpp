#include "plasticity/optimizer_rules.hpp"

#include <gtest/gtest.h>

#include <array>

namespace eprop::plasticity {
namespace {

constexpr double rules_eta = 0.01;

/// A weight and its state; the rules take as many numbers of it as they have columns.
struct Synapse {
  double w = 0.5;
  std::array<double, 2> state{};
};

template <class O>
constexpr auto indices = std::make_index_sequence<OptimizerRule<O>::columns.size()>();

template <class O>
void step(const O& o, Synapse& s, double g, std::int64_t n) {
  const OptimizerRule<O> rule(o, {rules_eta, OptimizerRule<O>::rate(o, rules_eta, n)});
  [&]<std::size_t... I>(std::index_sequence<I...>) { rule.step(s.w, g, s.state[I]...); }
  (indices<O>);
}

/// Expects that k optimizations without gradient have the closed form that the rule says they have.
template <class O>
void expect_closed_form(const O& o, const Synapse& from, std::int64_t k) {
  Synapse by_steps = from, at_once = from;
  for (std::int64_t n = 1; n <= k; ++n) step(o, by_steps, 0.0, n);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ASSERT_TRUE(OptimizerRule<O>::rests(at_once.state[I]...));
    const typename OptimizerRule<O>::Rest rest(o, rules_eta, k);
    rest(at_once.w, at_once.state[I]...);
  }
  (indices<O>);
  EXPECT_NEAR(at_once.w, by_steps.w, 1e-14) << O::name << " " << k;
  EXPECT_NEAR(at_once.state[0], by_steps.state[0], 1e-14) << O::name << " " << k;
  EXPECT_NEAR(at_once.state[1], by_steps.state[1], 1e-14) << O::name << " " << k;
}

TEST(OptimizerRule, StepsAsTheOptimizerIsDefined) {
  Synapse s;
  step(GradientDescent{}, s, 2.0, 1);
  EXPECT_DOUBLE_EQ(s.w, 0.5 - rules_eta * 2.0);

  s = {0.5, {0.1, 0.0}};
  step(Momentum{{}, 0.5}, s, 2.0, 1);
  EXPECT_DOUBLE_EQ(s.state[0], 2.05);
  EXPECT_DOUBLE_EQ(s.w, 0.5 - rules_eta * 2.05);

  s = {0.5, {4.0, 0.0}};
  step(RmsProp{{}, 0.75, 0.5}, s, 2.0, 1);
  EXPECT_DOUBLE_EQ(s.state[0], 4.0);
  EXPECT_DOUBLE_EQ(s.w, 0.5 - rules_eta * 2.0 / 2.5);

  // The first step of Adam is as long as eta, whatever the gradient.
  s = {};
  step(Adam{{}, 0.9, 0.99, 0.0}, s, 2.0, 1);
  EXPECT_DOUBLE_EQ(s.state[0], 0.2);
  EXPECT_NEAR(s.state[1], 0.04, 1e-15);
  EXPECT_NEAR(s.w, 0.5 - rules_eta, 1e-15);

  s = {};
  step(AdamW{{{}, 0.9, 0.99, 0.0}, 0.1}, s, 2.0, 1);
  EXPECT_NEAR(s.w, 0.5 * (1.0 - 0.1 * rules_eta) - rules_eta, 1e-15);
}

TEST(OptimizerRule, CorrectsTheRateOfMomentsOnly) {
  const Adam adam{{}, 0.9, 0.99};
  EXPECT_DOUBLE_EQ(OptimizerRule<Adam>::rate(adam, rules_eta, 2),
                   rules_eta * std::sqrt(1.0 - 0.99 * 0.99) / (1.0 - 0.9 * 0.9));
  EXPECT_EQ(OptimizerRule<GradientDescent>::rate({}, rules_eta, 2), rules_eta);
  EXPECT_EQ(OptimizerRule<Momentum>::rate({}, rules_eta, 2), rules_eta);
  EXPECT_EQ(OptimizerRule<RmsProp>::rate({}, rules_eta, 2), rules_eta);
}

TEST(OptimizerRule, HasAClosedFormOfWhatItDoesWithoutGradients) {
  for (const std::int64_t k : {1, 2, 50}) {
    expect_closed_form(Momentum{{}, 0.9}, {0.5, {0.3, 0.0}}, k);
    expect_closed_form(RmsProp{{}, 0.9}, {0.5, {0.3, 0.0}}, k);
    expect_closed_form(Adam{{}, 0.9, 0.99}, {0.5, {0.0, 0.3}}, k);
    expect_closed_form(AdamW{{{}, 0.9, 0.99}, 0.1}, {0.5, {0.0, 0.3}}, k);
  }
  expect_closed_form(Momentum{{}, 0.0}, {0.5, {0.3, 0.0}}, 3);
}

TEST(OptimizerRule, HasNoClosedFormWhereAdamStillMoves) {
  EXPECT_FALSE(OptimizerRule<Adam>::rests(1e-300, 0.3));
  EXPECT_FALSE(OptimizerRule<AdamW>::rests(1e-300, 0.3));
}

TEST(OptimizerRule, SaysWhichColumnsDivideSteps) {
  EXPECT_TRUE(OptimizerRule<GradientDescent>::columns.empty());
  EXPECT_FALSE(OptimizerRule<Momentum>::columns[0].divides);
  EXPECT_TRUE(OptimizerRule<RmsProp>::columns[0].divides);
  EXPECT_FALSE(OptimizerRule<Adam>::columns[0].divides);
  EXPECT_TRUE(OptimizerRule<Adam>::columns[1].divides);
}

}  // namespace
}  // namespace eprop::plasticity
