#include <gtest/gtest.h>
#include <sys/resource.h>

#include <array>
#include <ostream>
#include <string>

#include "eprop/network.hpp"
#include "network/parameters.hpp"
#include "refusal.hpp"
#include "special_values.hpp"

namespace eprop {
namespace {

using testing::infinity;
using testing::not_a_number;
using testing::refusal;

constexpr std::array model_names{"eprop_iaf_bsshslm_2020",
                                 "eprop_iaf_adapt_bsshslm_2020",
                                 "eprop_readout_bsshslm_2020",
                                 "eprop_iaf",
                                 "eprop_iaf_adapt",
                                 "eprop_iaf_psc_delta",
                                 "eprop_iaf_psc_delta_adapt",
                                 "eprop_readout",
                                 "iaf_psc_delta",
                                 "eprop_iaf_psc_exp"};

constexpr NetworkOptions tenths{.dt = 0.1};

bool has_parameter(const std::string& model_name, std::string_view parameter) {
  bool found = parameter == "V_m";
  const auto look = [&](const network::ParameterInfo& info, const Value&) {
    found = found || info.name == parameter;
  };
  std::visit([&](const auto& m) { network::visit_parameters(m, look); }, neuron_model(model_name));
  return found;
}

/// What adding three neurons with this parameter is refused with.
std::string refusal_of(const std::string& model_name, std::string_view parameter,
                       const Value& value) {
  auto model = neuron_model(model_name);
  set_parameter(model, parameter, value);
  Network network(tenths);
  return refusal([&] { network.add("pop", 3, model); });
}

struct RuleCase {
  const char* parameter;
  double value;
  double allowed;      ///< a value next to it that is not refused
  const char* reason;  ///< what the message ends with, from the value on
  int models;          ///< how many have the parameter
};

std::ostream& operator<<(std::ostream& out, const RuleCase& c) {
  return out << c.parameter << " = " << c.value;
}

class NeuronRule : public ::testing::TestWithParam<RuleCase> {};

TEST_P(NeuronRule, IsCheckedInEveryModelThatHasTheParameter) {
  const RuleCase& c = GetParam();
  const std::string ending = std::string(": ") + c.parameter + " = " + c.reason;
  int models = 0;
  for (const std::string name : model_names) {
    if (!has_parameter(name, c.parameter)) continue;
    ++models;
    EXPECT_EQ(refusal_of(name, c.parameter, c.value), "population 'pop'" + ending) << name;
    EXPECT_EQ(refusal_of(name, c.parameter, c.allowed), "") << name;
    const Value one_bad(Value::Array{c.allowed, c.allowed, c.value});
    EXPECT_EQ(refusal_of(name, c.parameter, one_bad), "population 'pop', neuron 2" + ending)
        << name;
    const Value drawn(Normal{c.value, 0.0});
    EXPECT_EQ(refusal_of(name, c.parameter, drawn), "population 'pop', neuron 0" + ending) << name;
  }
  EXPECT_EQ(models, c.models);
}

INSTANTIATE_TEST_SUITE_P(
    Values, NeuronRule,
    ::testing::Values(
        RuleCase{"C_m", 0.0, 1e-9, "0 pF: must be > 0", 10},
        RuleCase{"C_m", -1.0, 1.0, "-1 pF: must be > 0", 10},
        RuleCase{"tau_m", 0.0, 1e-9, "0 ms: must be > 0", 10},
        RuleCase{"tau_m", infinity, 1e9, "inf ms: must be finite", 10},
        RuleCase{"E_L", not_a_number, 0.0, "nan mV: must be a number", 10},
        RuleCase{"E_L", -infinity, -100.0, "-inf mV: must be finite", 10},
        RuleCase{"I_e", infinity, -3.0, "inf pA: must be finite", 10},
        RuleCase{"V_m", not_a_number, 4.0, "nan mV: must be a number", 10},
        RuleCase{"V_min", not_a_number, -infinity, "nan mV: must be a number", 10},
        RuleCase{"V_min", infinity, -100.0, "inf mV: must be finite", 10},
        RuleCase{"tau_syn", 0.0, 1e-9, "0 ms: must be > 0", 1},
        RuleCase{"tau_syn", infinity, 1e9, "inf ms: must be finite", 1},
        RuleCase{"t_ref", -0.1, 0.0, "-0.1 ms: must be >= 0", 8},
        RuleCase{"t_ref", 0.25, 0.3, "0.25 ms: must be a multiple of dt = 0.1 ms", 8},
        RuleCase{"t_ref", not_a_number, 2.0, "nan ms: must be a number", 8},
        RuleCase{"V_th", infinity, -40.0, "inf mV: must be finite", 8},
        RuleCase{"V_reset", not_a_number, -60.0, "nan mV: must be a number", 3},
        RuleCase{"regular_spike_arrival", 0.5, 0.0, "0.5: must be true or false", 3},
        RuleCase{"c_reg", -1e-9, 0.0, "-1e-09: must be >= 0", 7},
        RuleCase{"f_target", -1.0, 0.0, "-1 spikes/s: must be >= 0", 7},
        RuleCase{"surrogate_gradient_height", 0.0, 1e-9, "0 1/mV: must be > 0", 7},
        RuleCase{"surrogate_gradient_width", 0.0, 1e-9, "0 mV: must be > 0", 7},
        RuleCase{"ignore_and_spike_offset", 0.0, 0.1, "0 ms: must be at least dt = 0.1 ms", 7},
        RuleCase{"ignore_and_spike_offset", 0.15, 0.2, "0.15 ms: must be a multiple of dt = 0.1 ms",
                 7},
        RuleCase{"ignore_and_spike_interval", 0.0, 0.1, "0 ms: must be at least dt = 0.1 ms", 7},
        RuleCase{"ignore_and_spike_interval", infinity, 0.1, "inf ms: must be finite", 7},
        RuleCase{"adapt_beta", -0.5, 0.0, "-0.5: must be >= 0", 3},
        RuleCase{"adapt_tau", 0.0, 1e-9, "0 ms: must be > 0", 3},
        RuleCase{"adaptation", not_a_number, -1.0, "nan: must be a number", 3},
        RuleCase{"kappa", 1.0001, 1.0, "1.0001: must be in [0, 1]", 5},
        RuleCase{"kappa", -0.1, 0.0, "-0.1: must be in [0, 1]", 5},
        RuleCase{"kappa_reg", 1.5, 1.0, "1.5: must be in [0, 1]", 5},
        RuleCase{"eprop_isi_trace_cutoff", -1.0, 0.0, "-1 ms: must be >= 0", 6},
        RuleCase{"eprop_isi_trace_cutoff", 0.05, infinity,
                 "0.05 ms: must be a multiple of dt = 0.1 ms", 6}));

TEST(NeuronRule, LowerBoundMustNotExceedThreshold) {
  for (const std::string name : model_names) {
    if (!has_parameter(name, "V_th") || has_parameter(name, "V_reset")) continue;
    EXPECT_EQ(refusal_of(name, "V_min", -54.9),
              "population 'pop': V_min = -54.9 mV: must not exceed V_th = -55 mV");
    EXPECT_EQ(refusal_of(name, "V_min", -55.0), "");
  }
}

TEST(NeuronRule, ResetPotentialMustLieBelowThreshold) {
  for (const std::string name : model_names) {
    if (!has_parameter(name, "V_reset")) continue;
    EXPECT_EQ(refusal_of(name, "V_reset", -55.0),
              "population 'pop': V_reset = -55 mV: must be below V_th = -55 mV");
    EXPECT_EQ(refusal_of(name, "V_reset", -55.1), "");
  }
}

TEST(NeuronRule, ResetPotentialMustNotLieBelowLowerBound) {
  for (const std::string name : model_names) {
    if (!has_parameter(name, "V_reset")) continue;
    EXPECT_EQ(refusal_of(name, "V_min", -69.0),
              "population 'pop': V_reset = -70 mV: must not be below V_min = -69 mV; this is the "
              "default, set V_reset");
    EXPECT_EQ(refusal_of(name, "V_min", -70.0), "");
  }
}

TEST(NeuronRule, RulesBetweenParametersHoldNeuronByNeuron) {
  EpropIaf model;
  model.V_th = Value::Array{-50.0, -50.0, -60.0};
  model.V_min = Value::Array{-51.0, -90.0, -61.0};
  EXPECT_EQ(refusal([&] { Network(tenths).add("pop", 3, model); }), "");
  model.V_min = Value::Array{-51.0, -90.0, -59.0};
  EXPECT_EQ(refusal([&] { Network(tenths).add("pop", 3, model); }),
            "population 'pop', neuron 2: V_min = -59 mV: must not exceed V_th = -60 mV");
}

TEST(NeuronRule, ArraysMustHaveOneValuePerNeuron) {
  for (const std::string name : model_names) {
    const auto refuse_array_of = [&](const network::ParameterInfo& info, const Value&) {
      for (const std::size_t n : {0U, 2U, 4U}) {
        const std::string expected = "population 'pop': " + std::string(info.name) +
                                     " = array of " + std::to_string(n) +
                                     " values: must have one value for each of the 3 neurons";
        EXPECT_EQ(refusal_of(name, info.name, Value::Array(n, 1.0)), expected) << name;
      }
    };
    std::visit([&](const auto& m) { network::visit_parameters(m, refuse_array_of); },
               neuron_model(name));
    refuse_array_of(network::initial_potential, 0.0);
  }
}

TEST(NeuronRule, DistributionsMustBeOrdered) {
  EXPECT_EQ(refusal_of("eprop_iaf", "E_L", Normal{-70.0, -1.0}),
            "population 'pop': E_L = normal(-70, -1) mV: standard deviation must be >= 0");
  EXPECT_EQ(refusal_of("eprop_iaf", "E_L", Uniform{-60.0, -70.0}),
            "population 'pop': E_L = uniform(-60, -70) mV: low must be <= high");
  EXPECT_EQ(refusal_of("eprop_iaf", "E_L", Uniform{-70.0, -70.0}), "");
}

TEST(NeuronRule, ArraysAreCheckedOneByOne) {
  EXPECT_EQ(refusal_of("eprop_iaf", "C_m", Value::Array{1.0, 2.0, 0.0}),
            "population 'pop', neuron 2: C_m = 0 pF: must be > 0");
}

TEST(NeuronRule, NothingIsKeptOfManyNeurons) {
  const auto peak = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;  // KiB
  };
  constexpr std::uint32_t many = 2'000'000;  // a column of their values: 16 MB
  EpropIafPscDeltaAdapt model;
  model.C_m = Uniform{200.0, 300.0};
  model.V_m = Normal{-70.0, 1.0};
  const auto before = peak();
  Network().add("pop", many, model);
  EXPECT_LT(peak() - before, 64 * 1024);
}

TEST(NeuronRule, DrawnValuesAreCheckedOneByOne) {
  const std::string message = refusal_of("eprop_iaf", "C_m", Uniform{-1.0, 0.0});
  EXPECT_TRUE(message.starts_with("population 'pop', neuron 0: C_m = -0.")) << message;
  EXPECT_TRUE(message.ends_with(" pF: must be > 0")) << message;
}

}  // namespace
}  // namespace eprop
