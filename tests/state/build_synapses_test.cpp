#include "state/build_synapses.hpp"

#include <gtest/gtest.h>

#include "refusal.hpp"
#include "state/synapse_order.hpp"

namespace eprop::state {
namespace {

using Tiles = std::vector<core::Range>;
constexpr std::uint32_t n_sources = 6, n_targets = 9;

/// Neurons of a model connected by one projection.
plan::Plan plan_of(const ConnectionRule& rule, const SynapseModel& synapse,
                   const NeuronModel& model = EpropIaf{}) {
  Network network;
  const auto in = network.add("in", n_sources, IafPscDelta{});
  const auto rec = network.add("rec", n_targets, model);
  network.connect(in, rec, rule, synapse);
  return plan::make_plan(network);
}

struct Synapse {
  std::uint32_t source, target;
  double weight;
  bool operator==(const Synapse&) const = default;
};

std::vector<Synapse> synapses_of(const ProjectionPart& part) {
  std::vector<Synapse> list;
  for (const auto& p : ordered_synapses(part)) {
    list.push_back({p.source, p.target, part.tiles[p.tile].weight[p.synapse]});
  }
  return list;
}

const StaticSynapse drawn{.weight = Uniform{1.0, 2.0}};

TEST(BuiltSynapses, AreTheSameInTilesOfEveryWidth) {
  std::vector<std::uint32_t> from, to;
  for (std::uint32_t i = 0; i < 20; ++i) {
    from.push_back(i % n_sources);
    to.push_back(i * 7 % n_targets);
  }
  for (const ConnectionRule& rule :
       {ConnectionRule(AllToAll{}), ConnectionRule(FixedIndegree{.indegree = 4}),
        ConnectionRule(FixedOutdegree{.outdegree = 5}), ConnectionRule(PairwiseBernoulli{.p = 0.4}),
        ConnectionRule(ExplicitList{from, to})}) {
    const auto plan = plan_of(rule, drawn);
    const auto whole = synapses_of(build_synapses(plan, 0, {0, n_targets}, {{0, n_targets}}));
    EXPECT_GT(whole.size(), 10U);
    const auto tiled =
        synapses_of(build_synapses(plan, 0, {0, n_targets}, Tiles{{0, 2}, {2, 3}, {3, n_targets}}));
    EXPECT_EQ(tiled, whole) << rule.index();
    // Two threads' shares, one after the other.
    auto shares = synapses_of(build_synapses(plan, 0, {0, 4}, Tiles{{0, 3}, {3, 4}}));
    const auto rest =
        synapses_of(build_synapses(plan, 0, {4, n_targets}, Tiles{{0, n_targets - 4}}));
    shares.insert(shares.end(), rest.begin(), rest.end());
    EXPECT_EQ(shares, whole) << rule.index();
  }
}

TEST(BuiltSynapses, LieInTheTilesOfTheirTargets) {
  const auto part =
      build_synapses(plan_of(AllToAll{}, drawn), 0, {3, n_targets}, Tiles{{0, 2}, {2, 6}});
  ASSERT_EQ(part.tiles.size(), 2U);
  EXPECT_EQ(part.tiles[0].targets.begin, 3U);
  EXPECT_EQ(part.tiles[0].targets.end, 5U);
  EXPECT_EQ(part.tiles[0].size(), 2U * n_sources);
  EXPECT_EQ(part.tiles[1].targets.begin, 5U);
  EXPECT_EQ(part.tiles[1].targets.end, n_targets);
  EXPECT_EQ(part.tiles[1].size(), 4U * n_sources);
}

TEST(BuiltSynapses, HaveTheWeightsOfTheirPlaceInAnArray) {
  Value::Array weights;
  for (std::uint32_t i = 0; i < n_targets * n_sources; ++i) weights.push_back(i);
  const auto plan = plan_of(AllToAll{}, StaticSynapse{.weight = weights});
  for (const auto& s :
       synapses_of(build_synapses(plan, 0, {2, n_targets}, Tiles{{0, 3}, {3, n_targets - 2}}))) {
    EXPECT_EQ(s.weight, s.target * n_sources + s.source);
  }
}

TEST(BuiltSynapses, HaveWhatTheirRuleOfLearningNeeds) {
  const auto part_of = [](const SynapseModel& synapse, const NeuronModel& model) {
    return build_synapses(plan_of(AllToAll{}, synapse, model), 0, {0, n_targets}, {{0, n_targets}});
  };
  const std::size_t n = std::size_t{n_sources} * n_targets;
  auto part = part_of(StaticSynapse{}, EpropIaf{});
  EXPECT_TRUE(part.clocks.empty());
  EXPECT_TRUE(part.tiles[0].e_bar.empty() && part.tiles[0].m.empty());

  part = part_of(EpropSynapse{.optimizer = Adam{}}, EpropIafAdapt{});
  EXPECT_EQ(part.clocks.size(), n_sources);
  EXPECT_EQ(part.tiles[0].e_bar.size(), n);
  EXPECT_EQ(part.tiles[0].epsilon.size(), n);
  EXPECT_EQ(part.tiles[0].m.size(), n);

  part = part_of(EpropSynapse{}, EpropReadout{});
  EXPECT_EQ(part.clocks.size(), n_sources);
  EXPECT_TRUE(part.tiles[0].e_bar.empty());

  EpropSynapseBsshslm2020 by_interval;
  by_interval.optimizer = Momentum{};
  part = part_of(by_interval, EpropIafBsshslm2020{});
  EXPECT_TRUE(part.clocks.empty());
  EXPECT_TRUE(part.tiles[0].e_bar.empty());
  EXPECT_EQ(part.tiles[0].m.size(), n);
}

TEST(BuiltSynapses, ThatAreDrawnOutsideTheirBoundsAreRefused) {
  const auto refusal_of = [](const Value& weight) {
    const EpropSynapse synapse{.weight = weight,
                               .optimizer = GradientDescent{.Wmin = -1.0, .Wmax = 2.5}};
    const auto plan = plan_of(AllToAll{}, synapse);
    return testing::refusal([&] {
      (void)build_synapses(plan, 0, {0, n_targets}, {{0, n_targets}});
    });
  };
  EXPECT_EQ(refusal_of(Uniform{-1.0, 2.5}), "");
  for (const Normal outside : {Normal{2.6, 0.01}, Normal{-1.1, 0.01}}) {
    const auto message = refusal_of(outside);
    EXPECT_TRUE(message.starts_with("projection 'in_rec', synapse 0 -> 0: weight = ")) << message;
    EXPECT_TRUE(message.ends_with(" pA: must be within [Wmin, Wmax] = [-1, 2.5] pA")) << message;
  }
}

TEST(BuiltSynapses, OntoNoNeuronsAreNone) {
  const auto part = build_synapses(plan_of(AllToAll{}, EpropSynapse{}), 0, {4, 4}, {});
  EXPECT_TRUE(part.tiles.empty());
  EXPECT_TRUE(part.clocks.empty());
}

}  // namespace
}  // namespace eprop::state
