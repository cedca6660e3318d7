#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "eprop/network.hpp"
#include "refusal.hpp"

namespace eprop {
namespace {

std::string connect(std::uint32_t sources, std::uint32_t targets, const ConnectionRule& rule) {
  Network network;
  const auto source = network.add("source", sources, IafPscDelta{});
  const auto target = network.add("target", targets, IafPscDelta{});
  return testing::refusal([&] { network.connect(source, target, rule, StaticSynapse{}, "p"); });
}

std::string connect_to_itself(std::uint32_t size, const ConnectionRule& rule) {
  Network network;
  const auto population = network.add("source", size, IafPscDelta{});
  return testing::refusal(
      [&] { network.connect(population, population, rule, StaticSynapse{}, "p"); });
}

TEST(ConnectionRule, OneToOneNeedsPopulationsOfEqualSize) {
  EXPECT_EQ(connect(3, 3, OneToOne{}), "");
  EXPECT_EQ(connect(3, 4, OneToOne{}),
            "projection 'p': one_to_one = 3 to 4 neurons: populations must be of equal size");
}

TEST(ConnectionRule, ProbabilitiesLieBetweenZeroAndOne) {
  EXPECT_EQ(connect(3, 3, PairwiseBernoulli{.p = 0.0}), "");
  EXPECT_EQ(connect(3, 3, PairwiseBernoulli{.p = 1.0}), "");
  EXPECT_EQ(connect(3, 3, PairwiseBernoulli{.p = 1.5}),
            "projection 'p': p = 1.5: must be in [0, 1]");
  EXPECT_EQ(connect(3, 3, PairwiseBernoulli{.p = -0.5}),
            "projection 'p': p = -0.5: must be in [0, 1]");
  EXPECT_EQ(connect(3, 3, PairwiseBernoulli{.p = std::numeric_limits<double>::quiet_NaN()}),
            "projection 'p': p = nan: must be in [0, 1]");
}

TEST(ConnectionRule, DistinctDrawsNeedEnoughNeurons) {
  const std::string rule =
      ": must not exceed the 5 neurons that can be drawn once each; or allow multapses";
  EXPECT_EQ(connect(5, 2, FixedIndegree{.indegree = 6, .multapses = false}),
            "projection 'p': indegree = 6" + rule);
  EXPECT_EQ(connect(2, 5, FixedOutdegree{.outdegree = 6, .multapses = false}),
            "projection 'p': outdegree = 6" + rule);
  EXPECT_EQ(connect(5, 2, FixedIndegree{.indegree = 5, .multapses = false}), "");
  EXPECT_EQ(connect(5, 2, FixedIndegree{.indegree = 6, .multapses = true}), "");
  EXPECT_EQ(connect(2, 5, FixedOutdegree{.outdegree = 5, .multapses = false}), "");
}

TEST(ConnectionRule, WithoutAutapsesANeuronCannotDrawItself) {
  const FixedIndegree five{.indegree = 5, .autapses = false, .multapses = false};
  EXPECT_EQ(connect_to_itself(6, five), "");
  EXPECT_EQ(
      connect_to_itself(5, five),
      "projection 'p': indegree = 5: must not exceed the 4 neurons that can be drawn once each, "
      "autapses being excluded; or allow multapses");
  EXPECT_EQ(connect(5, 5, five), "");
}

TEST(ConnectionRule, ThereMustBeSomethingToDrawFrom) {
  const std::string rule = ": there is no neuron to draw from";
  EXPECT_EQ(connect(0, 3, FixedIndegree{.indegree = 1}), "projection 'p': indegree = 1" + rule);
  EXPECT_EQ(connect(3, 0, FixedOutdegree{.outdegree = 1}), "projection 'p': outdegree = 1" + rule);
  EXPECT_EQ(connect_to_itself(1, FixedIndegree{.indegree = 2, .autapses = false}),
            "projection 'p': indegree = 2" + rule + ", autapses being excluded");
  EXPECT_EQ(connect(0, 3, FixedIndegree{.indegree = 0}), "");
  EXPECT_EQ(connect(0, 0, FixedIndegree{.indegree = 1}), "");
}

TEST(ConnectionRule, ListsNameNeuronsThatExist) {
  EXPECT_EQ(connect(2, 3, ExplicitList{{0, 1}, {2, 0}}), "");
  EXPECT_EQ(
      connect(2, 3, ExplicitList{{0, 1}, {2}}),
      "projection 'p': explicit list = 2 sources, 1 targets: must be as many sources as targets");
  EXPECT_EQ(connect(2, 3, ExplicitList{{0, 2}, {2, 0}}),
            "projection 'p': source[1] = 2: must be below the size of the source population, 2");
  EXPECT_EQ(connect(2, 3, ExplicitList{{0, 1}, {3, 0}}),
            "projection 'p': target[0] = 3: must be below the size of the target population, 3");
}

}  // namespace
}  // namespace eprop
