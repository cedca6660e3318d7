#include "keys.hpp"

#include <gtest/gtest.h>

#include <map>

#include "eprop/comm/launch.hpp"
#include "refusal.hpp"
#include "scenario.hpp"

namespace eprop::scenario {
namespace {

using nlohmann::json;
using testing::refusal;

json scenario() { return read_scenario(EPROP_GOLDEN_DIR "/b3_adapt_ce_adam_batch.scenario.json"); }

/// What a scenario is refused with in which `from` stands under the name `to`.
std::string renamed(const json::json_pointer& object, const std::string& from,
                    const std::string& to) {
  auto changed = scenario();
  changed[object][to] = changed[object].at(from);
  changed[object].erase(from);
  return refusal([&] { check_keys(changed); });
}

TEST(ScenarioKeys, OfScenariosAsTheyShouldBeAreAccepted) {
  EXPECT_EQ(refusal([] { check_keys(scenario()); }), "");
}

TEST(ScenarioKeys, UnknownOnesAreRefusedWithTheNearest) {
  EXPECT_EQ(renamed(""_json_pointer, "update_interval", "update_intervall"),
            "scenario: key = update_intervall: is not known; did you mean update_interval?");
  EXPECT_EQ(renamed("/recurrent/0"_json_pointer, "params", "parameters"),
            "scenario, recurrent: key = parameters: must be one of model, n, params");
  EXPECT_EQ(renamed("/weights"_json_pointer, "rec_out", "recout"),
            "scenario, weights: key = recout: must be one of in_rec, rec_rec, rec_out, out_rec; "
            "did you mean rec_out?");
}

TEST(ScenarioKeys, OfOptimizersHaveOtherNamesElsewhere) {
  const std::string thing = "scenario, optimizer: ";
  const auto optimizer = "/optimizer"_json_pointer;
  EXPECT_EQ(renamed(optimizer, "eta", "learning_rate"),
            thing + "key = learning_rate: is called eta here");
  EXPECT_EQ(renamed(optimizer, "eta", "lr"), thing + "key = lr: is called eta here");
  EXPECT_EQ(renamed(optimizer, "beta_1", "beta1"), thing + "key = beta1: is called beta_1 here");
  EXPECT_EQ(renamed(optimizer, "epsilon", "eps"),
            thing + "key = eps: is not known; did you mean epsilon?");
  EXPECT_EQ(refusal([] { (void)optimizer_named("sgd"); }),
            thing + "type = sgd: is called gradient_descent here");
  EXPECT_EQ(
      refusal([] { (void)optimizer_named("adamx"); }),
      thing +
          "type = adamx: must be one of gradient_descent, adam, rmsprop, momentum, adamw; did you "
          "mean adam?");
  auto foreign = scenario();
  foreign["optimizer"]["type"] = "gradient_descent";
  EXPECT_EQ(refusal([&] { check_keys(foreign); }),
            thing + "key = beta_1: is no parameter of gradient_descent");
}

TEST(ScenarioKeys, OfEveryOptimizerAreItsParameters) {
  const auto comm = comm::make_serial();
  const auto weights = [&](const json& optimizer) {
    auto changed = scenario();
    changed["optimizer"] = optimizer;
    return simulate(changed, *comm, 1).final_weights;
  };
  for (const auto& [type, parameter] :
       std::map<std::string, std::string>{{"gradient_descent", "eta"},
                                          {"momentum", "mu"},
                                          {"rmsprop", "rho"},
                                          {"adam", "beta_1"},
                                          {"adamw", "weight_decay"}}) {
    const json usual{{"type", type}, {"eta", 0.005}};
    auto other = usual;
    other[parameter] = 0.5;
    EXPECT_NE(weights(other), weights(usual)) << type;
  }
}

TEST(ScenarioKeys, MissingOnesAreNamed) {
  auto incomplete = scenario();
  incomplete.erase("final_spike");
  EXPECT_EQ(refusal([&] { check_keys(incomplete); }), "scenario: key = final_spike: is missing");
  incomplete = scenario();
  incomplete["readout"] = 3;
  EXPECT_EQ(refusal([&] { check_keys(incomplete); }),
            "scenario, readout: value = 3: must be an object");
  incomplete["family"] = "bsshslm";
  EXPECT_EQ(refusal([&] { check_keys(incomplete); }),
            "scenario: family = bsshslm: must be one of bsshslm_2020, plus; did you mean "
            "bsshslm_2020?");
}

TEST(ScenarioKeys, OfNeuronParametersAreThoseOfTheModel) {
  const auto with = [](const std::string& parameter, const json& value) {
    auto changed = scenario();
    changed["recurrent"][0]["params"][parameter] = value;
    const auto comm = comm::make_serial();
    return refusal([&] { (void)simulate(changed, *comm, 1); });
  };
  EXPECT_EQ(with("V_min", "-inf"), "");
  EXPECT_EQ(with("V_min", "low"),
            "eprop_iaf_bsshslm_2020: V_min = low: must be a number, one per neuron or a "
            "distribution");
  EXPECT_EQ(with("beta", 1.0),
            "eprop_iaf_bsshslm_2020: parameter = beta: is called surrogate_gradient_width "
            "here, the value 1 / beta, for arctan 1 / (pi beta)");
  EXPECT_TRUE(with("V_th", json::object()).starts_with("scenario: ["));
}

}  // namespace
}  // namespace eprop::scenario
