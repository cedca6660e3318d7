#include <gtest/gtest.h>

#include <map>
#include <string>

#include "eprop/neuron_models.hpp"
#include "every_model.hpp"
#include "network/model_traits.hpp"
#include "network/parameters.hpp"
#include "refusal.hpp"
#include "special_values.hpp"

namespace eprop {
namespace {

using testing::every_model;
using testing::infinity;
using testing::refusal;
using Defaults = std::map<std::string, double>;

Defaults defaults_of(const std::string& model) {
  Defaults found;
  std::visit(
      [&](const auto& m) {
        network::visit_parameters(m, [&](const network::ParameterInfo& info, const Value& value) {
          found[std::string(info.name)] = std::get<double>(value.content());
        });
      },
      neuron_model(model));
  return found;
}

Defaults operator+(Defaults a, const Defaults& b) {
  for (const auto& [name, value] : b) a[name] = value;
  return a;
}

const Defaults membrane{
    {"C_m", 250}, {"E_L", -70}, {"I_e", 0}, {"tau_m", 10}, {"V_min", -infinity}};
const Defaults spiking = membrane + Defaults{{"t_ref", 2}, {"V_th", -55}};
const Defaults learning = spiking + Defaults{{"c_reg", 0},
                                             {"f_target", 10},
                                             {"surrogate_gradient_height", 0.3},
                                             {"surrogate_gradient_width", 1},
                                             {"ignore_and_spike_offset", 1},
                                             {"ignore_and_spike_interval", 200}};
const Defaults adaptive{{"adapt_beta", 1}, {"adapt_tau", 10}, {"adaptation", 0}};
const Defaults filters{{"kappa", 0.97}, {"kappa_reg", 0.97}, {"eprop_isi_trace_cutoff", infinity}};
const Defaults regular{{"regular_spike_arrival", 1}};
const Defaults hard_reset{{"V_reset", -70}};
const Defaults readout = membrane + Defaults{{"E_L", 0}};

TEST(NeuronModels, HaveTheParametersAndDefaultsOfTheLiterature) {
  EXPECT_EQ(defaults_of("eprop_iaf_bsshslm_2020"), learning + regular);
  EXPECT_EQ(defaults_of("eprop_iaf_adapt_bsshslm_2020"), learning + regular + adaptive);
  EXPECT_EQ(defaults_of("eprop_readout_bsshslm_2020"), readout + regular);
  EXPECT_EQ(defaults_of("eprop_iaf"), learning + filters);
  EXPECT_EQ(defaults_of("eprop_iaf_adapt"), learning + filters + adaptive);
  EXPECT_EQ(defaults_of("eprop_iaf_psc_delta"), learning + filters + hard_reset);
  EXPECT_EQ(defaults_of("eprop_iaf_psc_delta_adapt"), learning + filters + hard_reset + adaptive);
  const Defaults cutoff{{"eprop_isi_trace_cutoff", infinity}};
  EXPECT_EQ(defaults_of("eprop_readout"), readout + cutoff);
  EXPECT_EQ(defaults_of("iaf_psc_delta"), spiking + hard_reset);
  const Defaults synaptic_current{{"tau_syn", 2}};
  EXPECT_EQ(defaults_of("eprop_iaf_psc_exp"), learning + filters + synaptic_current);
}

TEST(NeuronModels, LearnWithPiecewiseLinearSurrogateAndSquaredErrorByDefault) {
  EXPECT_EQ(EpropIaf{}.surrogate_gradient_function, SurrogateGradient::piecewise_linear);
  EXPECT_EQ(EpropReadoutBsshslm2020{}.loss, Loss::mean_squared_error);
  EXPECT_FALSE(EpropIaf{}.ignore_and_spike);
  EXPECT_FALSE(EpropIafPscDelta{}.refractory_input);
  EXPECT_FALSE(EpropIaf{}.V_m.has_value());
}

TEST(NeuronModels, BelongToTheirFamilies) {
  const std::map<std::string, std::pair<Family, bool>> expected{
      {"eprop_iaf_bsshslm_2020", {Family::bsshslm_2020, false}},
      {"eprop_iaf_adapt_bsshslm_2020", {Family::bsshslm_2020, false}},
      {"eprop_readout_bsshslm_2020", {Family::bsshslm_2020, true}},
      {"eprop_iaf", {Family::plus, false}},
      {"eprop_iaf_adapt", {Family::plus, false}},
      {"eprop_iaf_psc_delta", {Family::plus, false}},
      {"eprop_iaf_psc_delta_adapt", {Family::plus, false}},
      {"eprop_readout", {Family::plus, true}},
      {"iaf_psc_delta", {Family::none, false}},
      {"eprop_iaf_psc_exp", {Family::plus, false}}};
  for (const auto& [name, what] : expected) {
    const auto model = neuron_model(name);
    EXPECT_EQ(network::name(model), name);
    EXPECT_EQ(network::family(model), what.first) << name;
    EXPECT_EQ(network::is_readout(model), what.second) << name;
  }
  EXPECT_EQ(expected.size(), std::variant_size_v<NeuronModel>);
}

TEST(NeuronModels, UnknownNamesAreRefusedWithTheNearest) {
  EXPECT_EQ(refusal([] { (void)neuron_model("eprop_iff"); }),
            "neurons: model = eprop_iff: is not known; did you mean eprop_iaf?");
  EXPECT_EQ(refusal([] { (void)neuron_model("hh_psc_alpha"); }),
            "neurons: model = hh_psc_alpha: must be one of eprop_iaf_bsshslm_2020, "
            "eprop_iaf_adapt_bsshslm_2020, eprop_readout_bsshslm_2020, eprop_iaf, eprop_iaf_adapt, "
            "eprop_iaf_psc_delta, eprop_iaf_psc_delta_adapt, eprop_readout, iaf_psc_delta, "
            "eprop_iaf_psc_exp");
  EXPECT_EQ(refusal([] { (void)neuron_model("eprop_synapse_bsshslm_2020"); }),
            "neurons: model = eprop_synapse_bsshslm_2020: is a synapse: connect() with "
            "EpropSynapseBsshslm2020");
}

TEST(SetParameter, SetsValuesOfEveryKind) {
  NeuronModel model = EpropIafAdaptBsshslm2020{};
  set_parameter(model, "tau_m", 20.0);
  set_parameter(model, "adapt_beta", Value::Array{1.0, 2.0});
  set_parameter(model, "V_m", Uniform{-70.0, -60.0});
  set_parameter(model, "regular_spike_arrival", false);
  set_parameter(model, "ignore_and_spike", true);
  const auto& m = std::get<EpropIafAdaptBsshslm2020>(model);
  EXPECT_EQ(std::get<double>(m.tau_m.content()), 20.0);
  EXPECT_EQ(std::get<Value::Array>(m.adapt_beta.content()), (Value::Array{1.0, 2.0}));
  ASSERT_TRUE(m.V_m.has_value());
  EXPECT_EQ(std::get<Uniform>(m.V_m->content()).high, -60.0);
  EXPECT_EQ(std::get<double>(m.regular_spike_arrival.content()), 0.0);
  EXPECT_TRUE(m.ignore_and_spike);

  NeuronModel hard = IafPscDelta{};
  set_parameter(hard, "refractory_input", true);
  EXPECT_TRUE(std::get<IafPscDelta>(hard).refractory_input);
}

/// The numbers and flags of a model by name; nothing of those that are no constants.
Defaults values_of(const NeuronModel& model) {
  Defaults found;
  std::visit(
      [&](const auto& m) {
        network::visit_parameters(m, [&](const network::ParameterInfo& info, const Value& value) {
          found[std::string(info.name)] = std::get<double>(value.content());
        });
        network::visit_flags(m, [&](std::string_view name, bool flag) {
          found[std::string(name)] = flag ? 1.0 : 0.0;
        });
      },
      model);
  return found;
}

TEST(SetParameter, SetsEveryParameterOfEveryModelAndNoOther) {
  for (const auto& defaults : every_model()) {
    auto expected = values_of(defaults);
    for (const auto& [parameter, value] : Defaults(expected)) {
      auto model = defaults;
      const double other = value == 0.0 ? 1.0 : 0.0;
      set_parameter(model, parameter, other);
      expected[parameter] = other;
      EXPECT_EQ(values_of(model), expected) << network::name(defaults) << ": " << parameter;
      expected[parameter] = value;
    }
  }
}

TEST(SetParameter, SetsEverySurrogateGradientAndLossByItsWord) {
  const std::map<std::string, SurrogateGradient> functions{
      {"piecewise_linear", SurrogateGradient::piecewise_linear},
      {"exponential", SurrogateGradient::exponential},
      {"fast_sigmoid_derivative", SurrogateGradient::fast_sigmoid_derivative},
      {"arctan_derivative", SurrogateGradient::arctan_derivative}};
  for (const auto& [word, function] : functions) {
    NeuronModel model = EpropIaf{};
    set_parameter(model, "surrogate_gradient_function", word);
    EXPECT_EQ(std::get<EpropIaf>(model).surrogate_gradient_function, function);
  }
  NeuronModel model = EpropReadoutBsshslm2020{};
  set_parameter(model, "loss", "cross_entropy");
  EXPECT_EQ(std::get<EpropReadoutBsshslm2020>(model).loss, Loss::cross_entropy);
}

TEST(SetParameter, WordsThatAreNoneOfTheKnownAreRefused) {
  NeuronModel neuron = EpropIaf{};
  EXPECT_EQ(refusal([&] { set_parameter(neuron, "surrogate_gradient_function", "linear"); }),
            "eprop_iaf: surrogate_gradient_function = linear: must be one of piecewise_linear, "
            "exponential, fast_sigmoid_derivative, arctan_derivative; did you mean "
            "piecewise_linear?");
  EXPECT_EQ(refusal([&] { set_parameter(neuron, "surrogate_gradient_function", "arctan"); }),
            "eprop_iaf: surrogate_gradient_function = arctan: is called arctan_derivative here, "
            "with height gamma / pi and width 1 / (pi beta)");
  NeuronModel readout_model = EpropReadoutBsshslm2020{};
  EXPECT_EQ(refusal([&] { set_parameter(readout_model, "loss", "hinge"); }),
            "eprop_readout_bsshslm_2020: loss = hinge: must be one of mean_squared_error, "
            "cross_entropy");
}

TEST(SetParameter, ParametersThatTheModelDoesNotHaveAreRefused) {
  NeuronModel model = EpropReadout{};
  const std::string known =
      ": must be one of C_m, E_L, I_e, tau_m, V_min, eprop_isi_trace_cutoff, V_m";
  EXPECT_EQ(refusal([&] { set_parameter(model, "V_th", -50.0); }),
            "eprop_readout: parameter = V_th" + known);
  EXPECT_EQ(refusal([&] { set_parameter(model, "loss", "cross_entropy"); }),
            "eprop_readout: parameter = loss" + known);
  EXPECT_EQ(refusal([&] { set_parameter(model, "gamma", 0.3); }),
            "eprop_readout: parameter = gamma" + known);
  EXPECT_EQ(refusal([&] { set_parameter(model, "taum", 20.0); }),
            "eprop_readout: parameter = taum: is not known; did you mean tau_m?");
  NeuronModel neuron = EpropIafAdapt{};
  EXPECT_EQ(refusal([&] { set_parameter(neuron, "gamma", 0.3); }),
            "eprop_iaf_adapt: parameter = gamma: is called surrogate_gradient_height here, the "
            "same value, for arctan gamma / pi");
}

TEST(SetParameter, ValuesOfAnotherKindAreRefused) {
  NeuronModel model = EpropIaf{};
  EXPECT_EQ(refusal([&] { set_parameter(model, "tau_m", "long"); }),
            "eprop_iaf: tau_m = long: must be a number, one per neuron or a distribution");
  EXPECT_EQ(refusal([&] { set_parameter(model, "ignore_and_spike", "yes"); }),
            "eprop_iaf: ignore_and_spike = yes: must be true or false, for all neurons");
  EXPECT_EQ(refusal([&] { set_parameter(model, "surrogate_gradient_function", 1.0); }),
            "eprop_iaf: surrogate_gradient_function = 1: must be one of piecewise_linear, "
            "exponential, fast_sigmoid_derivative, arctan_derivative");
}

TEST(SetParameter, SwitchesMustBeTrueOrFalse) {
  NeuronModel model = EpropIaf{};
  const std::string rule = ": must be true or false, for all neurons";
  EXPECT_EQ(refusal([&] { set_parameter(model, "ignore_and_spike", 2.0); }),
            "eprop_iaf: ignore_and_spike = 2" + rule);
  EXPECT_EQ(refusal([&] {
              set_parameter(model, "ignore_and_spike", Uniform{0.0, 1.0});
            }),
            "eprop_iaf: ignore_and_spike = uniform(0, 1)" + rule);
}

}  // namespace
}  // namespace eprop
