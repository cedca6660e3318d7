#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "neurons/recurrent_block.hpp"

namespace eprop::neurons {
namespace {

constexpr double fine_dt = 0.1;

NeuronModel forced(const std::string& name, const Value& offset, const Value& interval) {
  NeuronModel model = neuron_model(name);
  set_parameter(model, "ignore_and_spike", true);
  set_parameter(model, "ignore_and_spike_offset", offset);
  set_parameter(model, "ignore_and_spike_interval", interval);
  return model;
}

/// Times (ms) with which the spikes of each neuron are stamped: the ends of their steps.
std::vector<std::vector<double>> spike_times(RecurrentBlock& block, Step steps, double input) {
  std::vector<std::vector<double>> times(block.size());
  std::vector<double> psi(block.size()), reg(block.size());
  for (Step t = 0; t < steps; ++t) {
    for (auto& x : block.input) x = input;
    block.update(block, t, {psi.data(), reg.data()});
    for (const auto i : block.spikes) {
      times[i - block.neurons.begin].push_back(static_cast<double>(t + 1) * fine_dt);
    }
  }
  return times;
}

class IgnoreAndSpike : public ::testing::TestWithParam<const char*> {};

TEST_P(IgnoreAndSpike, SpikesFirstAtTheOffsetThenInIntervals) {
  RecurrentBlock block(forced(GetParam(), Value::Array{0.1, 1.0, 2.5}, Value::Array{0.1, 2.0, 5.0}),
                       0, {0, 3}, fine_dt, 1);
  const auto times = spike_times(block, 100, 0.0);
  ASSERT_EQ(times[0].size(), 100U);
  EXPECT_NEAR(times[0].front(), 0.1, 1e-12);
  ASSERT_EQ(times[1].size(), 5U);
  for (std::size_t k = 0; k < 5; ++k) {
    EXPECT_NEAR(times[1][k], 1.0 + 2.0 * static_cast<double>(k), 1e-12);
  }
  ASSERT_EQ(times[2].size(), 2U);
  EXPECT_NEAR(times[2][0], 2.5, 1e-12);
  EXPECT_NEAR(times[2][1], 7.5, 1e-12);
}

TEST_P(IgnoreAndSpike, IgnoresThePotentialAndRefractoriness) {
  auto model = forced(GetParam(), 0.5, 0.3);
  set_parameter(model, "t_ref", 5.0);
  RecurrentBlock driven(model, 0, {0, 1}, fine_dt, 1);
  RecurrentBlock quiet(model, 0, {0, 1}, fine_dt, 1);
  const auto expected = spike_times(quiet, 200, 0.0);
  EXPECT_EQ(spike_times(driven, 200, 100.0), expected);
  EXPECT_EQ(expected[0].size(), 66U);  // of 0.5, 0.8, ..., 20.0 ms
}

TEST_P(IgnoreAndSpike, StillIntegratesItsInput) {
  auto model = forced(GetParam(), 50.0, 50.0);
  set_parameter(model, "C_m", 1.0);
  RecurrentBlock block(model, 0, {0, 1}, fine_dt, 1);
  (void)spike_times(block, 20, 1.0);
  EXPECT_GT(block.v[0], 5.0);
}

INSTANTIATE_TEST_SUITE_P(AllModels, IgnoreAndSpike,
                         ::testing::Values("eprop_iaf_bsshslm_2020", "eprop_iaf_adapt_bsshslm_2020",
                                           "eprop_iaf", "eprop_iaf_adapt", "eprop_iaf_psc_delta",
                                           "eprop_iaf_psc_delta_adapt", "eprop_iaf_psc_exp"));

}  // namespace
}  // namespace eprop::neurons
