#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>

#include "eprop/network.hpp"
#include "refusal.hpp"
#include "special_values.hpp"

namespace eprop {
namespace {

using testing::infinity;
using testing::not_a_number;
using testing::refusal;

/// Two inputs and three neurons of every family.
struct Populations {
  Network network{{.dt = 0.1}};
  Population in = network.add("in", SpikeTrains{{{}, {}}});
  Population by_interval = network.add("by_interval", 3, EpropIafBsshslm2020{});
  Population plus = network.add("plus", 3, EpropIaf{});
  Population none = network.add("none", 3, IafPscDelta{});
  Population readout = network.add("readout", 2, EpropReadoutBsshslm2020{});

  std::string connect(Population target, SynapseModel synapse,
                      const ConnectionRule& rule = AllToAll{}) {
    return refusal([&] { network.connect(in, target, rule, std::move(synapse), "p"); });
  }
};

EpropSynapseBsshslm2020 by_interval() {
  EpropSynapseBsshslm2020 synapse;
  synapse.delay = 0.1;
  return synapse;
}

struct OptimizerCase {
  const char* name;
  std::function<void(Adam&)> change;
  const char* message;  ///< empty: not refused
  bool adam_only = false;
};

std::ostream& operator<<(std::ostream& out, const OptimizerCase& c) { return out << c.name; }

class OptimizerRule : public ::testing::TestWithParam<OptimizerCase> {};

TEST_P(OptimizerRule, IsCheckedForSynapsesOfBothFamilies) {
  Adam adam;
  GetParam().change(adam);
  const std::string expected =
      *GetParam().message == 0 ? "" : "projection 'p': " + std::string(GetParam().message);
  std::vector<Optimizer> optimizers{adam};
  if (!GetParam().adam_only) optimizers.emplace_back(static_cast<const GradientDescent&>(adam));
  for (const auto& optimizer : optimizers) {
    auto interval_synapse = by_interval();
    interval_synapse.optimizer = optimizer;
    EXPECT_EQ(Populations{}.connect({1}, interval_synapse), expected);
    EpropSynapse synapse;
    synapse.optimizer = optimizer;
    EXPECT_EQ(Populations{}.connect({2}, synapse), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Values, OptimizerRule,
    ::testing::Values(OptimizerCase{"batch_size_0", [](Adam& o) { o.batch_size = 0; },
                                    "batch_size = 0: must be >= 1"},
                      OptimizerCase{"batch_size_negative", [](Adam& o) { o.batch_size = -3; },
                                    "batch_size = -3: must be >= 1"},
                      OptimizerCase{"eta_negative", [](Adam& o) { o.eta = -1e-9; },
                                    "eta = -1e-09: must be >= 0 and finite"},
                      OptimizerCase{"eta_nan", [](Adam& o) { o.eta = not_a_number; },
                                    "eta = nan: must be >= 0 and finite"},
                      OptimizerCase{"eta_0", [](Adam& o) { o.eta = 0.0; }, ""},
                      OptimizerCase{"Wmin_above_Wmax",
                                    [](Adam& o) {
                                      o.Wmin = 2.5;
                                      o.Wmax = 2.0;
                                    },
                                    "Wmin = 2.5 pA: must not exceed Wmax = 2 pA"},
                      OptimizerCase{"Wmin_nan", [](Adam& o) { o.Wmin = not_a_number; },
                                    "Wmin = nan pA: must not exceed Wmax = 100 pA"},
                      OptimizerCase{"Wmin_is_Wmax", [](Adam& o) { o.Wmin = o.Wmax = 1.0; }, ""},
                      OptimizerCase{"beta_1_is_1", [](Adam& o) { o.beta_1 = 1.0; },
                                    "beta_1 = 1: must be in [0, 1)", true},
                      OptimizerCase{"beta_1_negative", [](Adam& o) { o.beta_1 = -0.1; },
                                    "beta_1 = -0.1: must be in [0, 1)", true},
                      OptimizerCase{"beta_1_is_0", [](Adam& o) { o.beta_1 = 0.0; }, "", true},
                      OptimizerCase{"beta_2_is_1", [](Adam& o) { o.beta_2 = 1.0; },
                                    "beta_2 = 1: must be in [0, 1)", true},
                      OptimizerCase{"beta_2_nan", [](Adam& o) { o.beta_2 = not_a_number; },
                                    "beta_2 = nan: must be in [0, 1)", true},
                      OptimizerCase{"epsilon_negative", [](Adam& o) { o.epsilon = -1e-9; },
                                    "epsilon = -1e-09: must be >= 0 and finite", true},
                      OptimizerCase{"epsilon_infinite", [](Adam& o) { o.epsilon = infinity; },
                                    "epsilon = inf: must be >= 0 and finite", true}));

TEST(SynapseRule, DefaultsAreThoseOfTheLiterature) {
  const Adam adam;
  EXPECT_EQ(adam.batch_size, 1);
  EXPECT_EQ(adam.eta, 1e-4);
  EXPECT_EQ(adam.Wmin, -100.0);
  EXPECT_EQ(adam.Wmax, 100.0);
  EXPECT_EQ(adam.beta_1, 0.9);
  EXPECT_EQ(adam.beta_2, 0.999);
  EXPECT_EQ(adam.epsilon, 1e-7);
  const EpropSynapseBsshslm2020 synapse;
  EXPECT_EQ(std::get<double>(synapse.weight.content()), 1.0);
  EXPECT_FALSE(synapse.delay.has_value());  // one step
  EXPECT_EQ(synapse.tau_m_readout, 10.0);
  EXPECT_FALSE(synapse.average_gradient);
  EXPECT_TRUE(std::holds_alternative<GradientDescent>(synapse.optimizer));
  EXPECT_TRUE(EpropSynapse{}.optimize_each_step);
}

TEST(SynapseRule, WeightsMustLieWithinTheirBounds) {
  const std::string rule = ": must be within [Wmin, Wmax] = [-100, 100] pA";
  auto synapse = by_interval();
  synapse.weight = 100.5;
  EXPECT_EQ(Populations{}.connect({1}, synapse), "projection 'p': weight = 100.5 pA" + rule);
  synapse.weight = Value::Array{1, 2, 3, 4, 5, -101};
  EXPECT_EQ(Populations{}.connect({1}, synapse), "projection 'p': weight[5] = -101 pA" + rule);
  synapse.weight = Uniform{0.0, 200.0};
  EXPECT_EQ(Populations{}.connect({1}, synapse), "projection 'p': weight = 200 pA" + rule);
  synapse.weight = -100.0;
  EXPECT_EQ(Populations{}.connect({1}, synapse), "");
  EXPECT_EQ(Populations{}.connect({3}, StaticSynapse{.weight = 1e6, .delay = 0.1}), "");
}

TEST(SynapseRule, WeightsMustBeNumbers) {
  EXPECT_EQ(Populations{}.connect({3}, StaticSynapse{.weight = not_a_number, .delay = 0.1}),
            "projection 'p': weight = nan pA: must be finite");
  EXPECT_EQ(Populations{}.connect({3}, StaticSynapse{.weight = Normal{0.0, -1.0}, .delay = 0.1}),
            "projection 'p': weight = normal(0, -1) pA: mean and std must be finite, std >= 0");
  EXPECT_EQ(Populations{}.connect({3}, StaticSynapse{.weight = Uniform{2.0, 1.0}, .delay = 0.1}),
            "projection 'p': weight = uniform(2, 1) pA: low must be <= high");
}

TEST(SynapseRule, WeightArraysMustHaveTheLengthOfTheirRule) {
  struct {
    ConnectionRule rule;
    std::size_t wanted;
    const char* order;
  } const cases[] = {{AllToAll{}, 6, "[target][source]"},
                     {FixedIndegree{.indegree = 5}, 15, "[target][draw]"},
                     {FixedOutdegree{.outdegree = 4}, 8, "[source][draw]"},
                     {PairwiseBernoulli{.p = 0.5}, 6, "[target][source]"},
                     {ExplicitList{{0, 1, 1, 0}, {2, 2, 2, 0}}, 4, "[entry]"}};
  for (const auto& c : cases) {
    const auto with = [&](std::size_t n) {
      return Populations{}.connect({3}, StaticSynapse{.weight = Value::Array(n, 1.0), .delay = 0.1},
                                   c.rule);
    };
    EXPECT_EQ(with(c.wanted), "");
    EXPECT_EQ(with(c.wanted + 1),
              fmt::format("projection 'p': weight = array of {} values: must have {}, in the order "
                          "{} of the connection rule",
                          c.wanted + 1, c.wanted, c.order));
    EXPECT_NE(with(c.wanted - 1), "");
  }
}

TEST(SynapseRule, DelaysMustBeWholeStepsAndAtLeastOne) {
  const auto with = [](double delay) {
    return Populations{}.connect({3}, StaticSynapse{.delay = delay});
  };
  EXPECT_EQ(with(0.0), "projection 'p': delay = 0 ms: must be at least dt = 0.1 ms");
  EXPECT_EQ(with(0.15), "projection 'p': delay = 0.15 ms: must be a multiple of dt = 0.1 ms");
  EXPECT_EQ(with(not_a_number), "projection 'p': delay = nan ms: must be finite");
  EXPECT_EQ(with(2.5), "");
}

TEST(SynapseRule, IntervalSynapsesHaveADelayOfOneStep) {
  auto synapse = by_interval();
  synapse.delay = 0.2;
  EXPECT_EQ(
      Populations{}.connect({1}, synapse),
      "projection 'p': delay = 0.2 ms: eprop_synapse_bsshslm_2020 takes one step, dt = 0.1 ms; "
      "leave it out");
  EpropSynapse longer;
  longer.delay = 0.2;
  EXPECT_EQ(Populations{}.connect({2}, longer), "");
}

TEST(SynapseRule, NoSynapseFromIntervalLearningNeuronsToTheirReadoutsIsLonger) {
  Populations p;
  const auto with = [&](Population source, Population target, double delay) {
    return refusal([&] {
      p.network.connect(source, target, AllToAll{}, StaticSynapse{.delay = delay},
                        fmt::format("p{}", p.network.projections().size()));
    });
  };
  EXPECT_EQ(with(p.by_interval, p.readout, 0.3),
            "projection 'p0': delay = 0.3 ms: from eprop_iaf_bsshslm_2020 to "
            "eprop_readout_bsshslm_2020 it must be one step, dt = 0.1 ms; leave it out");
  EXPECT_TRUE(p.network.projections().empty());
  EXPECT_EQ(with(p.by_interval, p.readout, 0.1), "");
  EXPECT_EQ(with(p.by_interval, p.by_interval, 0.3), "");
  EXPECT_EQ(with(p.none, p.readout, 0.3), "");
  EXPECT_EQ(with(p.in, p.readout, 0.3), "");
}

TEST(SynapseRule, ReadoutTimeConstantMustBePositive) {
  for (const double tau : {0.0, -1.0}) {
    auto synapse = by_interval();
    synapse.tau_m_readout = tau;
    EXPECT_EQ(Populations{}.connect({1}, synapse),
              "projection 'p': tau_m_readout = " + std::string(tau == 0.0 ? "0" : "-1") +
                  " ms: must be > 0 and finite");
  }
}

TEST(SynapseRule, PlasticSynapsesMustFitTheFamilyOfTheirTarget) {
  const std::string refused = "projection 'p': synapse = ";
  EXPECT_EQ(Populations{}.connect({2}, by_interval()),
            refused +
                "eprop_synapse_bsshslm_2020: must be eprop_synapse or static_synapse onto "
                "eprop_iaf");
  EXPECT_EQ(Populations{}.connect({1}, EpropSynapse{}),
            refused +
                "eprop_synapse: must be eprop_synapse_bsshslm_2020 or static_synapse onto "
                "eprop_iaf_bsshslm_2020");
  EXPECT_EQ(Populations{}.connect({3}, EpropSynapse{}),
            refused + "eprop_synapse: must be static_synapse onto iaf_psc_delta");
  EXPECT_EQ(Populations{}.connect({4}, EpropSynapse{}),
            refused +
                "eprop_synapse: must be eprop_synapse_bsshslm_2020 or static_synapse onto "
                "eprop_readout_bsshslm_2020");
}

TEST(SynapseRule, ARefusedProjectionLeavesNoTrace) {
  Populations p;
  EXPECT_NE(p.connect(p.plus, by_interval()), "");
  EXPECT_TRUE(p.network.projections().empty());
  EXPECT_EQ(p.connect(p.by_interval, by_interval()), "");
  EXPECT_EQ(p.network.projections().size(), 1U);
}

}  // namespace
}  // namespace eprop
