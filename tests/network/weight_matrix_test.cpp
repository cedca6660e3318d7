#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "eprop/network.hpp"
#include "refusal.hpp"

namespace eprop {
namespace {

using testing::refusal;

constexpr double none = std::numeric_limits<double>::quiet_NaN();
using Indices = std::vector<std::uint32_t>;

TEST(WeightMatrix, HasNaNWhereThereIsNoSynapse) {
  const auto matrix = weight_matrix({{2, 0, 1}, {0, 1, 1}, {1.5, 0.0, -3.0}}, 2, 3);
  EXPECT_EQ(matrix.targets, 2U);
  EXPECT_EQ(matrix.sources, 3U);
  ASSERT_EQ(matrix.weights.size(), 6U);
  EXPECT_TRUE(std::isnan(matrix.weights[0]));
  EXPECT_TRUE(std::isnan(matrix.weights[1]));
  EXPECT_EQ(matrix.weights[2], 1.5);
  EXPECT_EQ(matrix.weights[3], 0.0);
  EXPECT_EQ(matrix.weights[4], -3.0);
  EXPECT_TRUE(std::isnan(matrix.weights[5]));
}

TEST(WeightMatrix, GivesItsSynapsesInOrder) {
  const auto table = synapse_table({2, 3, {none, none, 1.5, 0.0, -3.0, none}});
  EXPECT_EQ(table.source, (Indices{2, 0, 1}));
  EXPECT_EQ(table.target, (Indices{0, 1, 1}));
  EXPECT_EQ(table.weight, (std::vector<double>{1.5, 0.0, -3.0}));
  EXPECT_TRUE(synapse_table({0, 3, {}}).weight.empty());
}

TEST(WeightMatrix, OfSynapsesThatItCannotHoldIsRefused) {
  EXPECT_EQ(refusal([] {
              (void)weight_matrix({{1, 0, 1}, {2, 1, 2}, {1, 2, 3}}, 3, 2);
            }),
            "weight matrix: synapse = 1 -> 2: must be the only one of its pair: a matrix cannot "
            "tell several apart");
  EXPECT_EQ(refusal([] {
              (void)weight_matrix({{2}, {0}, {1}}, 3, 2);
            }),
            "weight matrix: synapse = 2 -> 0: must be from one of 2 sources to one of 3 targets");
  EXPECT_EQ(refusal([] {
              (void)synapse_table({3, 2, {1, 2, 3, 4, 5}});
            }),
            "weight matrix: weights = 5 values: must be one for each pair of 3 x 2");
}

class ConnectMatrix : public ::testing::Test {
 protected:
  Network network;
  Population a = network.add("a", 3, IafPscDelta{}), b = network.add("b", 2, IafPscDelta{});
};

TEST_F(ConnectMatrix, MakesASynapseWhereThereIsAWeight) {
  network.connect(a, b, WeightMatrix{2, 3, {none, none, 1.5, 0.0, -3.0, none}},
                  StaticSynapse{.weight = 7.0, .delay = 2.0}, "some");
  const auto& made = network.projections().at(0);
  EXPECT_EQ(made.name, "some");
  const auto& list = std::get<ExplicitList>(made.rule);
  EXPECT_EQ(list.source, (Indices{2, 0, 1}));
  EXPECT_EQ(list.target, (Indices{0, 1, 1}));
  const auto& synapse = std::get<StaticSynapse>(made.synapse);
  EXPECT_EQ(synapse.delay, 2.0);
  EXPECT_EQ(std::get<Value::Array>(synapse.weight.content()), (Value::Array{1.5, 0.0, -3.0}));
}

TEST_F(ConnectMatrix, WithoutGapsConnectsAllToAll) {
  network.connect(a, b, WeightMatrix{2, 3, {1, 2, 3, 4, 5, 6}}, StaticSynapse{});
  const auto& made = network.projections().at(0);
  EXPECT_EQ(made.name, "a_b");
  EXPECT_TRUE(std::holds_alternative<AllToAll>(made.rule));
  EXPECT_EQ(std::get<Value::Array>(std::get<StaticSynapse>(made.synapse).weight.content()),
            (Value::Array{1, 2, 3, 4, 5, 6}));
}

TEST_F(ConnectMatrix, OfAnotherShapeOrImpossibleWeightsIsRefused) {
  const auto connect = [&](const WeightMatrix& matrix) {
    return refusal([&] { network.connect(a, b, matrix, StaticSynapse{}); });
  };
  EXPECT_EQ(connect({3, 2, {1, 2, 3, 4, 5, 6}}),
            "projection 'a_b': weight matrix = 3 x 2: must be [target][source] = 2 x 3");
  EXPECT_EQ(connect({2, 3, {1, 2, 3, 4, 5}}),
            "weight matrix: weights = 5 values: must be one for each pair of 2 x 3");
  EXPECT_EQ(connect({2, 3, {1, 2, none, 4, 5, std::numeric_limits<double>::infinity()}}),
            "projection 'a_b': weight[4] = inf pA: must be finite");
  EXPECT_TRUE(network.projections().empty());
}

}  // namespace
}  // namespace eprop
