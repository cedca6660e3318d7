#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <tuple>
#include <vector>

#include "network/parameters.hpp"
#include "neurons/recurrent_block.hpp"
#include "scalar_neuron.hpp"

namespace eprop::neurons {
namespace {

using testing::ScalarNeuron;

constexpr std::uint32_t n_neurons = 11;  // vectors and a remainder
constexpr double recurrent_dt = 0.5;
constexpr int n_steps = 600;

using Columns = std::map<std::string, std::vector<double>>;

/// Parameters of n neurons, all of them different.
Columns random_columns(std::mt19937& random) {
  const auto column = [&](double low, double high) {
    std::uniform_real_distribution<double> draw(low, high);
    std::vector<double> values(n_neurons);
    for (auto& x : values) x = draw(random);
    return values;
  };
  Columns c{{"C_m", column(100, 300)},
            {"E_L", column(-75, -65)},
            {"I_e", column(-50, 200)},
            {"tau_m", column(5, 30)},
            {"V_m", column(-80, -50)},
            {"V_min", column(-90, -76)},
            {"V_th", column(-58, -52)},
            {"V_reset", column(-75, -60)},
            {"c_reg", column(0, 10)},
            {"f_target", column(0, 50)},
            {"surrogate_gradient_height", column(0.1, 1)},
            {"surrogate_gradient_width", column(3, 20)},
            {"adapt_beta", column(0, 3)},
            {"adapt_tau", column(20, 200)},
            {"adaptation", column(0, 1)},
            {"kappa_reg", column(0.5, 1)},
            {"tau_syn", column(1, 40)}};
  for (std::uint32_t i = 0; i < n_neurons; ++i) {
    c["t_ref"].push_back(recurrent_dt * (i % 5));
    c["regular_spike_arrival"].push_back(i % 3 == 0 ? 0.0 : 1.0);
  }
  c["tau_syn"][2] = c["tau_m"][2];
  c["V_min"][1] = -std::numeric_limits<double>::infinity();
  return c;
}

NeuronModel make_model(const std::string& name, SurrogateGradient surrogate,
                       const Columns& columns) {
  NeuronModel model = neuron_model(name);
  const auto set = [&](const std::string& parameter) {
    const auto column = columns.find(parameter);
    if (column != columns.end()) set_parameter(model, parameter, column->second);
  };
  std::visit(
      [&](const auto& m) {
        std::vector<std::string> names;
        network::visit_parameters(m, [&](const network::ParameterInfo& info, const Value&) {
          names.emplace_back(info.name);
        });
        for (const auto& parameter : names) set(parameter);
      },
      NeuronModel(model));
  set("V_m");
  std::visit(
      [&](auto& m) {
        if constexpr (requires { m.surrogate_gradient_function; }) {
          m.surrogate_gradient_function = surrogate;
        }
      },
      model);
  return model;
}

/// Spikes that are scaled by 1 - alpha, or make a current, must be strong to have an effect.
double strength_of_spikes(const ScalarNeuron& neuron) {
  if (neuron.has_current) return 4.0 * recurrent_dt / (neuron.p.at("tau_syn") * neuron.P_s());
  return neuron.by_interval && neuron.p.at("regular_spike_arrival") == 0.0 ? 20.0 : 1.0;
}

class RecurrentModel : public ::testing::TestWithParam<std::tuple<const char*, SurrogateGradient>> {
};

TEST_P(RecurrentModel, FollowsItsDefinitionStepByStep) {
  const std::string name = std::get<0>(GetParam());
  const auto surrogate = std::get<1>(GetParam());
  const bool keeps_input = name == "eprop_iaf_psc_delta" || name == "iaf_psc_delta";
  std::mt19937 random(42);
  const Columns columns = random_columns(random);
  NeuronModel model = make_model(name, surrogate, columns);
  if (keeps_input) set_parameter(model, "refractory_input", true);
  RecurrentBlock block(model, 0, {0, n_neurons}, recurrent_dt, 1);
  std::vector<ScalarNeuron> expected;
  for (std::uint32_t i = 0; i < n_neurons; ++i) {
    ScalarNeuron::Parameters p;
    for (const auto& [parameter, column] : columns) p[parameter] = column[i];
    expected.emplace_back(name, surrogate, p, recurrent_dt, keeps_input);
  }

  std::normal_distribution<double> draw(0.7, 3.0);
  std::vector<double> psi(n_neurons, 0.0), reg(n_neurons, 0.0);
  core::Column spikes(n_neurons, 0.0);
  bool psi_seen = false, bound_seen = false;
  for (int t = 0; t < n_steps; ++t) {
    for (std::uint32_t i = 0; i < n_neurons; ++i) {
      block.input[i] = draw(random) * strength_of_spikes(expected[i]);
      expected[i].step(block.input[i]);
    }
    block.update(block, t, {psi.data(), reg.data()});
    for (std::uint32_t i = 0; i < n_neurons; ++i) {
      const ScalarNeuron& e = expected[i];
      ASSERT_NEAR(block.v[i], e.V, 1e-11) << name << " neuron " << i << " step " << t;
      ASSERT_EQ(block.z[i], e.z) << name << " neuron " << i << " step " << t;
      ASSERT_EQ(block.refractory[i], e.r) << name << " neuron " << i << " step " << t;
      ASSERT_NEAR(psi[i], name == "iaf_psc_delta" ? 0.0 : e.psi, 1e-12);
      ASSERT_NEAR(e.adaptive ? block.a[i] : 0.0, e.a, 1e-12);
      ASSERT_NEAR(reg[i], e.reg, 1e-12);
      ASSERT_EQ(block.input[i], 0.0);
      spikes[i] += e.z;
      psi_seen = psi_seen || e.psi > 0.0;
      bound_seen = bound_seen || e.V == columns.at("V_min")[i] - columns.at("E_L")[i];
    }
  }
  for (std::uint32_t i = 0; i < n_neurons; ++i)
    EXPECT_GE(spikes[i], 5.0) << "the input is too weak";
  EXPECT_EQ(block.n_spikes, expected[0].by_interval ? spikes : core::Column{});
  EXPECT_TRUE(psi_seen);
  EXPECT_TRUE(bound_seen);
}

INSTANTIATE_TEST_SUITE_P(
    AllModels, RecurrentModel,
    ::testing::Combine(::testing::Values("eprop_iaf_bsshslm_2020", "eprop_iaf_adapt_bsshslm_2020",
                                         "eprop_iaf", "eprop_iaf_adapt", "eprop_iaf_psc_delta",
                                         "eprop_iaf_psc_delta_adapt", "eprop_iaf_psc_exp"),
                       ::testing::Values(SurrogateGradient::piecewise_linear,
                                         SurrogateGradient::exponential,
                                         SurrogateGradient::fast_sigmoid_derivative,
                                         SurrogateGradient::arctan_derivative)));

INSTANTIATE_TEST_SUITE_P(WithoutPlasticity, RecurrentModel,
                         ::testing::Values(std::tuple{"iaf_psc_delta",
                                                      SurrogateGradient::piecewise_linear}));

}  // namespace
}  // namespace eprop::neurons
