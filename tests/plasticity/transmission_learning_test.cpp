#include <gtest/gtest.h>

#include "transmission_rig.hpp"

namespace eprop::testing {
namespace {

constexpr Step n_steps = 700;  // the rings keep fewer than half

/// A run's weights are those of the scalar synapses; `at_limits` counts those that end at a limit.
void expect_learning(const RigOptions& o, std::size_t& synapses, std::size_t& at_limits) {
  TransmissionRig rig(o);
  rig.run(various_trains(n_steps), n_steps);
  EXPECT_LE(rig.error(), 1e-10) << o;
  synapses += rig.size();
  at_limits += rig.weights_at_limits();
}

/// All optimizers and cutoffs.
void expect_all_learning(RigOptions o) {
  std::size_t synapses = 0, at_limits = 0;
  for (const std::int64_t batch_size : {1, 3}) {
    const GradientDescent common{
        .batch_size = batch_size, .eta = 0.02, .Wmin = -0.42, .Wmax = 0.44};
    for (const auto& optimizer : every_optimizer(common)) {
      for (const bool each_step : {false, true}) {
        for (const double cutoff : {1.0, 2.0, 7.0, 30.0, 1e9}) {
          o.optimizer = optimizer;
          o.each_step = each_step;
          o.cutoff = cutoff;
          expect_learning(o, synapses, at_limits);
        }
      }
    }
  }
  EXPECT_GT(at_limits, synapses / 100) << "limits that do not bite are not tested";
  EXPECT_LT(at_limits, synapses / 2) << "weights that always lie at a limit test nothing";
}

using Case = std::tuple<Parameters, double, Step>;

class TransmissionLearning : public ::testing::TestWithParam<Case> {};

TEST_P(TransmissionLearning, OntoRecurrentNeuronsIsAsDefined) {
  const auto [parameters, kappa_reg, lag] = GetParam();
  expect_all_learning({.parameters = parameters, .kappa_reg = kappa_reg, .lag = lag});
}

TEST(TransmissionLearningWithOneCutoff, IsAsDefinedWhereOtherParametersDiffer) {
  for (const auto parameters : {Parameters::own, Parameters::own_adaptive}) {
    expect_all_learning({.parameters = parameters, .own_cutoffs = false});
  }
  expect_all_learning({.parameters = Parameters::own, .readouts = true, .own_cutoffs = false});
}

// The default kappa is 0.97.
INSTANTIATE_TEST_SUITE_P(
    All, TransmissionLearning,
    ::testing::Combine(::testing::Values(Parameters::shared, Parameters::shared_adaptive,
                                         Parameters::shared_currents, Parameters::own,
                                         Parameters::own_adaptive, Parameters::own_currents),
                       ::testing::Values(0.97, 0.9), ::testing::Values(1, 3)));

TEST(TransmissionLearningOntoReadouts, IsAsDefined) {
  for (const auto parameters : {Parameters::shared, Parameters::own}) {
    for (const Step lag : {1, 3}) {
      expect_all_learning({.parameters = parameters, .readouts = true, .lag = lag});
    }
  }
}

}  // namespace
}  // namespace eprop::testing
