#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "network/drawn_value.hpp"
#include "network/parameter_columns.hpp"

namespace eprop::network {
namespace {

EpropIafAdapt random_neurons() {
  EpropIafAdapt model;
  model.C_m = Uniform{200.0, 300.0};
  model.tau_m = Normal{20.0, 1.0};
  model.E_L = Uniform{-75.0, -65.0};
  model.I_e = Value::Array{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  return model;
}

TEST(DrawnParameters, DependOnTheGlobalIndexAndNotOnTheRange) {
  const auto model = random_neurons();
  const auto whole = parameter_columns(model, {0, 10}, 3, 1);
  for (std::uint32_t cut = 0; cut <= 10; ++cut) {
    auto joined = parameter_columns(model, {0, cut}, 3, 1);
    for (const auto& [name, column] : parameter_columns(model, {cut, 10}, 3, 1)) {
      joined.at(name).insert(joined.at(name).end(), column.begin(), column.end());
    }
    EXPECT_EQ(joined, whole);
  }
}

TEST(DrawnParameters, DifferBySeedPopulationParameterAndNeuron) {
  const auto model = random_neurons();
  const auto columns = parameter_columns(model, {0, 10}, 3, 1);
  EXPECT_NE(parameter_columns(model, {0, 10}, 4, 1).at("C_m"), columns.at("C_m"));
  EXPECT_NE(parameter_columns(model, {0, 10}, 3, 2).at("C_m"), columns.at("C_m"));
  EXPECT_NE(columns.at("C_m")[0], columns.at("C_m")[1]);
  EXPECT_NE((columns.at("C_m")[0] - 200.0) / 100.0, (columns.at("E_L")[0] + 75.0) / 10.0);
}

TEST(DrawnParameters, StayTheSameWhenAnotherParameterIsDrawnToo) {
  auto model = random_neurons();
  const auto columns = parameter_columns(model, {0, 10}, 3, 1);
  model.V_th = Uniform{-55.0, -50.0};
  EXPECT_EQ(parameter_columns(model, {0, 10}, 3, 1).at("tau_m"), columns.at("tau_m"));
  EXPECT_EQ(parameter_columns(model, {0, 10}, 3, 1).at("E_L"), columns.at("E_L"));
}

/// The keys of a model's random draws in the order of its parameters, that of V_m last.
std::vector<std::uint32_t> keys_of(const std::string& model) {
  std::vector<std::uint32_t> keys;
  std::visit(
      [&]<class M>(const M& m) {
        visit_parameters(
            m, [&](const ParameterInfo& info, const Value&) { keys.push_back(info.key); });
        keys.push_back(initial_potential_of<M>().key);
      },
      neuron_model(model));
  return keys;
}

/// A change here gives users another network for the same seed.
TEST(DrawnParameters, HaveTheKeysThatTheyHaveAlwaysHad) {
  const std::map<std::string, std::uint32_t> parameters{{"eprop_iaf_bsshslm_2020", 15},
                                                        {"eprop_iaf_adapt_bsshslm_2020", 18},
                                                        {"eprop_readout_bsshslm_2020", 7},
                                                        {"eprop_iaf", 17},
                                                        {"eprop_iaf_adapt", 20},
                                                        {"eprop_iaf_psc_delta", 18},
                                                        {"eprop_iaf_psc_delta_adapt", 21},
                                                        {"eprop_readout", 7},
                                                        {"iaf_psc_delta", 9}};
  // A later parameter takes the next key, behind that of the initial potential.
  const auto exponential = keys_of("eprop_iaf_psc_exp");
  EXPECT_EQ(std::set(exponential.begin(), exponential.end()).size(), 18U);
  EXPECT_EQ(exponential.back(), 16U);
  for (const auto& [model, n] : parameters) {
    std::vector<std::uint32_t> counted(n);
    std::iota(counted.begin(), counted.end(), 0U);
    EXPECT_EQ(keys_of(model), counted) << model;
  }
}

TEST(DrawnParameters, TakeArraysElementByElement) {
  const auto columns = parameter_columns(random_neurons(), {4, 7}, 3, 1);
  EXPECT_EQ(columns.at("I_e"), (core::Column{4, 5, 6}));
  EXPECT_EQ(columns.at("V_th"), (core::Column{-55, -55, -55}));
}

TEST(DrawnParameters, PotentialsStartAtRestUnlessGiven) {
  auto model = random_neurons();
  EXPECT_EQ(parameter_columns(model, {0, 10}, 3, 1).at("V_m"),
            parameter_columns(model, {0, 10}, 3, 1).at("E_L"));
  model.V_m = -60.0;
  EXPECT_EQ(parameter_columns(model, {0, 2}, 3, 1).at("V_m"), (core::Column{-60, -60}));
}

TEST(DrawnValue, HasTheMomentsOfItsDistribution) {
  const core::RandomStream random(1, core::Purpose::weight, 0);
  const Value normal(Normal{3.0, 0.5}), uniform(Uniform{-2.0, 6.0});
  const DrawnValue drawn_normal(normal, random, 0), drawn_uniform(uniform, random, 1);
  constexpr int n = 20000;
  double mean[2] = {0, 0}, square[2] = {0, 0};
  for (std::uint64_t i = 0; i < n; ++i) {
    const double x[2] = {drawn_normal(i), drawn_uniform(i)};
    ASSERT_GE(x[1], -2.0);
    ASSERT_LT(x[1], 6.0);
    for (int k = 0; k < 2; ++k) {
      mean[k] += x[k] / n;
      square[k] += x[k] * x[k] / n;
    }
  }
  EXPECT_NEAR(mean[0], 3.0, 0.015);  // 4 standard errors each
  EXPECT_NEAR(std::sqrt(square[0] - mean[0] * mean[0]), 0.5, 0.01);
  EXPECT_NEAR(mean[1], 2.0, 0.07);
  EXPECT_NEAR(std::sqrt(square[1] - mean[1] * mean[1]), 8.0 / std::sqrt(12.0), 0.03);
}

}  // namespace
}  // namespace eprop::network
