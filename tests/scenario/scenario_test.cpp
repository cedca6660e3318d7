#include "scenario.hpp"

#include <gtest/gtest.h>

#include "eprop/comm/launch.hpp"
#include "refusal.hpp"

namespace eprop::scenario {
namespace {

using nlohmann::json;

json example() { return read_scenario(EPROP_GOLDEN_DIR "/p1_iaf_gd_per_spike.scenario.json"); }

std::string refusal(const json& scenario) {
  const auto comm = comm::make_serial();
  return testing::refusal([&] { static_cast<void>(simulate(scenario, *comm, 1)); });
}

TEST(Scenario, IsRefusedWhereAMatrixHasOtherRowsOrColumnsThanThereAreNeurons) {
  auto scenario = example();
  auto& in_rec = scenario["weights"]["in_rec"];
  const auto rows = in_rec.size();
  in_rec.push_back(in_rec[0]);
  EXPECT_EQ(refusal(scenario), "scenario: weights.in_rec = " + std::to_string(rows + 1) +
                                   " rows: must be " + std::to_string(rows));
  scenario = example();
  auto& row = scenario["weights"]["out_rec"][1];
  const auto columns = row.size();
  row.push_back(0.5);
  EXPECT_EQ(refusal(scenario), "scenario: weights.out_rec = " + std::to_string(columns + 1) +
                                   " columns: must be " + std::to_string(columns));
}

TEST(Scenario, IsRefusedWhereAWordIsNoNumber) {
  auto scenario = example();
  scenario["readout"]["params"]["tau_m"] = "20 ms";
  EXPECT_EQ(refusal(scenario),
            "eprop_readout: tau_m = 20 ms: must be a number, one per neuron or a distribution");
}

TEST(Scenario, IsRefusedWhereTheOptimizerHasAnUnknownParameter) {
  auto scenario = example();
  scenario["optimizer"]["beta1"] = 0.9;
  EXPECT_EQ(refusal(scenario), "scenario, optimizer: key = beta1: is called beta_1 here");
}

TEST(Scenario, IsRefusedWhereAValueIsOfAnotherKind) {
  auto scenario = example();
  scenario["optimizer"]["type"] = true;
  EXPECT_NE(refusal(scenario).find("type must be string, but is boolean"), std::string::npos);
}

TEST(Scenario, IsRefusedWithTheKeyThatIsMissing) {
  auto scenario = example();
  scenario.erase("target");
  EXPECT_NE(refusal(scenario).find("scenario: "), std::string::npos);
  EXPECT_NE(refusal(scenario).find("key = target: is missing"), std::string::npos);
}

}  // namespace
}  // namespace eprop::scenario
