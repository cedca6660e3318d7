#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "neurons/recurrent_block.hpp"

namespace eprop::neurons {
namespace {

/// A block with the archive rows of its last step, one millisecond a step.
struct Driven {
  explicit Driven(const NeuronModel& model, core::Range neurons = {0, 1})
      : block(model, 0, neurons, 1.0, 1), psi(neurons.size(), -1.0), reg(neurons.size(), 0.0) {}

  /// Potential of the first neuron relative to E_L after a step with this input.
  double step(double input) {
    for (auto& x : block.input) x = input;
    block.update(block, t++, {psi.data(), reg.data()});
    return block.v[0];
  }

  RecurrentBlock block;
  std::vector<double> psi, reg;
  Step t = 0;
};

const double alpha = std::exp(-0.1);  // of tau_m = 10 ms

TEST(IafBsshslm2020, ResetsSoftlyOneStepAfterTheSpike) {
  Driven neuron{EpropIafBsshslm2020{}};
  EXPECT_EQ(neuron.step(20.0), 20.0);  // spike: the threshold lies 15 mV above rest
  EXPECT_EQ(neuron.block.spikes, (std::vector<std::uint32_t>{0}));
  EXPECT_NEAR(neuron.step(0.0), alpha * 20.0 - 15.0, 1e-12);
  EXPECT_TRUE(neuron.block.spikes.empty());
}

TEST(EpropIaf, ResetsSoftlyWithinTheStepOfTheSpike) {
  Driven neuron{EpropIaf{}};
  EXPECT_EQ(neuron.step(20.0), 5.0);
  EXPECT_NEAR(neuron.step(0.0), alpha * 5.0, 1e-12);
}

TEST(EpropIaf, TakesItsSurrogateGradientBeforeTheReset) {
  EpropIaf model;
  model.surrogate_gradient_width = 10.0;
  Driven neuron{model};
  neuron.step(16.0);
  EXPECT_NEAR(neuron.psi[0], 0.3 * 0.9, 1e-12);
}

TEST(IafPscDeltaModels, ResetHard) {
  for (const std::string name : {"eprop_iaf_psc_delta", "iaf_psc_delta"}) {
    NeuronModel model = neuron_model(name);
    set_parameter(model, "V_reset", -65.0);
    Driven neuron{model};
    EXPECT_EQ(neuron.step(20.0), 5.0);
    EXPECT_EQ(neuron.step(3.0), 5.0);  // refractory: neither integrates
    EXPECT_EQ(neuron.step(3.0), 5.0);  // nor decays
    EXPECT_NEAR(neuron.step(3.0), alpha * 5.0 + 3.0, 1e-12);
  }
}

TEST(IafPscDeltaModels, KeepInputThatArrivesWhileRefractoryIfAsked) {
  for (const std::string name : {"eprop_iaf_psc_delta", "iaf_psc_delta"}) {
    NeuronModel model = neuron_model(name);
    set_parameter(model, "refractory_input", true);
    Driven neuron{model};
    neuron.step(20.0);  // spike, then two refractory steps
    EXPECT_EQ(neuron.step(4.0), 0.0);
    EXPECT_EQ(neuron.step(5.0), 0.0);
    EXPECT_NEAR(neuron.step(1.0), 1.0 + 4.0 * alpha * alpha + 5.0 * alpha, 1e-12);
    EXPECT_NEAR(neuron.step(0.0), alpha * (1.0 + 4.0 * alpha * alpha + 5.0 * alpha), 1e-12);
  }
}

class SoftResetModels : public ::testing::TestWithParam<const char*> {};

TEST_P(SoftResetModels, DoNotSpikeWhileRefractoryAndHaveNoSurrogateGradientThen) {
  for (int steps = 0; steps < 4; ++steps) {
    NeuronModel model = neuron_model(GetParam());
    set_parameter(model, "t_ref", steps);
    set_parameter(model, "surrogate_gradient_function", "exponential");
    Driven neuron{model};
    std::vector<int> spikes;
    for (int t = 0; t < 12; ++t) {
      neuron.step(50.0);
      if (!neuron.block.spikes.empty()) spikes.push_back(t);
      const int since = t - spikes.back();
      EXPECT_EQ(neuron.psi[0] == 0.0, since > 0 && since < steps) << steps << " " << t;
    }
    const int period = std::max(steps, 1);
    for (std::size_t k = 0; k < spikes.size(); ++k)
      EXPECT_EQ(spikes[k], period * static_cast<int>(k));
  }
}

INSTANTIATE_TEST_SUITE_P(Both, SoftResetModels,
                         ::testing::Values("eprop_iaf_bsshslm_2020", "eprop_iaf"));

TEST(RecurrentBlocks, LetTheConstantCurrentActFromTheSecondStepOn) {
  for (const std::string name : {"eprop_iaf_bsshslm_2020", "eprop_iaf", "iaf_psc_delta"}) {
    NeuronModel model = neuron_model(name);
    set_parameter(model, "I_e", 100.0);
    Driven neuron{model};
    EXPECT_EQ(neuron.step(0.0), 0.0);
    EXPECT_NEAR(neuron.step(0.0), 100.0 * 10.0 / 250.0 * (1.0 - alpha), 1e-12);
  }
}

TEST(RecurrentBlocks, KeepThePotentialAboveItsLowerBound) {
  for (const std::string name : {"eprop_iaf_bsshslm_2020", "eprop_iaf", "iaf_psc_delta"}) {
    NeuronModel model = neuron_model(name);
    set_parameter(model, "V_min", -72.0);
    Driven neuron{model};
    EXPECT_EQ(neuron.step(-50.0), -2.0);
  }
}

TEST(AdaptiveModels, RaiseTheThresholdWithEverySpike) {
  for (const std::string name : {"eprop_iaf_adapt_bsshslm_2020", "eprop_iaf_adapt"}) {
    NeuronModel model = neuron_model(name);
    set_parameter(model, "adapt_beta", 2.0);
    set_parameter(model, "adapt_tau", 50.0);
    set_parameter(model, "adaptation", 0.5);
    set_parameter(model, "t_ref", 0.0);
    Driven neuron{model};
    const double rho = std::exp(-1.0 / 50.0);
    neuron.step(15.99);  // rho * 0.5 * 2 is 0.98
    EXPECT_EQ(neuron.block.spikes.size(), 1U);
    neuron.step(0.0);
    EXPECT_NEAR(neuron.block.a[0], rho * rho * 0.5 + 1.0, 1e-12);
    Driven just_below{model};
    just_below.step(15.98);
    EXPECT_TRUE(just_below.block.spikes.empty());
  }
}

TEST(RecurrentBlocks, NumberTheirSpikesWithinThePopulation) {
  EpropIafBsshslm2020 model;
  model.V_m = Value::Array{-70, -70, -70, -20, -70, -10, -70};
  Driven part{model, {2, 7}};
  part.step(0.0);
  EXPECT_EQ(part.block.spikes, (std::vector<std::uint32_t>{3, 5}));
}

TEST(RecurrentBlocks, ComputeTheSameWhereverTheirNeuronsLive) {
  EpropIafAdaptBsshslm2020 model;
  model.tau_m = Uniform{8.0, 30.0};
  model.I_e = Normal{400.0, 50.0};
  model.surrogate_gradient_width = 20.0;
  Driven whole{model, {0, 20}};
  for (std::uint32_t cut = 1; cut < 20; ++cut) {
    Driven all{model, {0, 20}}, left{model, {0, cut}}, right{model, {cut, 20}};
    for (int t = 0; t < 60; ++t) {
      for (auto* driven : {&all, &left, &right}) driven->step(0.3);
    }
    for (std::uint32_t i = 0; i < 20; ++i) {
      const auto& part = i < cut ? left : right;
      const auto k = i < cut ? i : i - cut;
      EXPECT_EQ(part.block.v[k], all.block.v[i]);
      EXPECT_EQ(part.psi[k], all.psi[i]);
      EXPECT_EQ(part.block.n_spikes[k], all.block.n_spikes[i]);
    }
  }
}

TEST(RecurrentBlocks, ResetToRestKeepsTheSpikeCount) {
  EpropIafAdaptBsshslm2020 model;
  model.adaptation = 3.0;
  model.I_e = 100.0;
  Driven neuron{model};
  neuron.step(40.0);
  neuron.block.reset();
  EXPECT_EQ(neuron.block.v[0], 0.0);
  EXPECT_EQ(neuron.block.z[0], 0.0);
  EXPECT_EQ(neuron.block.refractory[0], 0.0);
  EXPECT_EQ(neuron.block.a[0], 0.0);
  EXPECT_EQ(neuron.block.n_spikes[0], 1.0);
  EXPECT_NEAR(neuron.step(0.0), 100.0 * 10.0 / 250.0 * (1.0 - alpha), 1e-12);  // no soft reset
}

}  // namespace
}  // namespace eprop::neurons
