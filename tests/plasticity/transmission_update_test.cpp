#include "plasticity/transmission_update.hpp"

#include <gtest/gtest.h>

#include "transmission_rig.hpp"

namespace eprop::plasticity {
namespace {

using testing::expect_as_defined;
using testing::Parameters;
using testing::RigOptions;

Optimizer batched_adam() { return Adam{{.batch_size = 2, .eta = 0.01}}; }

/// Which columns a tile has besides the weights.
std::vector<std::string> columns_of(const TransmissionMode& mode, bool readouts, bool adaptive,
                                    const Optimizer& optimizer, bool each_step) {
  synapses::SynapseTile tile({{0, 0, 0}, {0, 1, 1}}, {0, 2}, 1);
  const OptimizerParameters p(optimizer);
  add_transmission_state(tile, mode, readouts, adaptive, {p, p.eta, each_step, 1});
  std::vector<std::string> columns;
  for (const auto& column : synapses::synapse_columns) {
    const auto& values = tile.*column.member;
    if (values.empty() || column.member == &synapses::SynapseTile::weight) continue;
    EXPECT_EQ(values, core::Column(2, 0.0)) << column.name;
    columns.emplace_back(column.name);
  }
  if (!tile.optimizations.empty()) columns.emplace_back("optimizations");
  return columns;
}

/// A source onto two readouts that share alpha = 0.5 and err by 1 and 2 in every step.
struct Readouts {
  explicit Readouts(const OptimizerParameters& optimizer, bool each_step, double cutoff = 1000.0)
      : rule{optimizer, 0.25, each_step, 1} {
    mode.lag = 2;
    mode.shared = mode.one_cutoff = true;
    mode.cutoff = static_cast<Step>(cutoff);
    mode.parameters.alpha = core::Powers(0.5);
    block.cutoff.assign(2, cutoff);
    add_transmission_state(tile, mode, true, false, rule);
    add_optimizer_state(tile, optimizer);
    tile.weight.assign(2, 10.0);
    for (Step t = 0; t < 20; ++t) {
      errors.row(t)[0] = 1.0;
      errors.row(t)[1] = 2.0;
    }
    restart(clock, 4, mode, rule);
  }
  Readouts(const Readouts&) = delete;
  Readouts& operator=(const Readouts&) = delete;

  TransmittingRow row() {
    return {
        tile,
        0,
        clock,
        {.mode = mode, .readouts = true, .offset = 0, .readout_block = &block, .errors = &errors},
        rule,
        scratch};
  }

  TransmissionOptimizer rule;
  TransmissionMode mode;
  neurons::ReadoutBlock block{EpropReadout{}, 0, {0, 2}, 1.0, 1};
  core::StepRing errors{20, 2};
  synapses::SynapseTile tile{{{0, 0, 0}, {0, 1, 1}}, {0, 2}, 1};
  SourceClock clock;
  TransmissionScratch scratch;
};

TEST(TransmissionState, IsWhatTargetsAndOptimizersNeed) {
  using Names = std::vector<std::string>;
  const Optimizer descent = GradientDescent{}, batches = GradientDescent{.batch_size = 3};
  TransmissionMode shared;
  shared.shared = shared.one_cutoff = true;
  EXPECT_EQ(columns_of(shared, false, false, descent, true), (Names{"e_bar", "e_reg"}));
  EXPECT_EQ(columns_of(shared, false, true, descent, true), (Names{"e_bar", "e_reg", "epsilon"}));
  EXPECT_EQ(columns_of(shared, false, false, descent, false),
            (Names{"gradient_sum", "e_bar", "e_reg"}));
  EXPECT_EQ(columns_of(shared, true, false, descent, true), Names{});
  EXPECT_EQ(columns_of(shared, true, false, batches, true), Names{"gradient_sum"});
  shared.one_filter = true;
  EXPECT_EQ(columns_of(shared, false, false, descent, true), Names{"e_bar"});

  TransmissionMode own;
  EXPECT_EQ(columns_of(own, false, false, descent, true), (Names{"e_bar", "e_reg", "z_bar"}));
  EXPECT_EQ(columns_of(own, true, false, descent, true), Names{"z_bar"});
  EXPECT_EQ(columns_of(own, true, false, batches, true),
            (Names{"gradient_sum", "z_bar", "optimizations"}));
  EXPECT_EQ(columns_of(own, true, false, Adam{}, true), (Names{"z_bar", "optimizations"}));
  own.two_filters = true;
  EXPECT_EQ(columns_of(own, false, false, descent, true),
            (Names{"e_bar", "e_reg", "z_bar", "i_bar"}));
  own.one_cutoff = true;  // the clock counts
  EXPECT_EQ(columns_of(own, true, false, Adam{}, true), (Names{"z_bar", "i_bar"}));
}

// A spike in step 4 enters in step 4 of the steps 2 to 5: the trace is 0, 0, 1, 0.5.
TEST(Transmission, LearnsFromTheStepsUpToTheOneBefore) {
  const OptimizerParameters descent(GradientDescent{});
  for (const bool each_step : {false, true}) {
    Readouts r(descent, each_step);
    transmit_plastic(r.row(), 8);
    EXPECT_DOUBLE_EQ(r.tile.weight[0], 10.0 - 0.25 * 1.5);
    EXPECT_DOUBLE_EQ(r.tile.weight[1], 10.0 - 0.25 * 3.0);
    EXPECT_EQ(r.tile.gradient_sum, core::Column(each_step ? 0 : 2, 0.0));
  }
}

TEST(Transmission, LearnsNothingFromStepsPastTheCutoff) {
  const OptimizerParameters descent(GradientDescent{});
  for (const bool each_step : {false, true}) {
    Readouts r(descent, each_step, 3.0);  // steps 2 to 4
    transmit_plastic(r.row(), 8);
    EXPECT_DOUBLE_EQ(r.tile.weight[0], 10.0 - 0.25);
  }
}

TEST(Transmission, OptimizesOnceABatchIsComplete) {
  const OptimizerParameters batches(GradientDescent{.batch_size = 5});
  Readouts r(batches, false);
  r.clock.optimizations = 1;  // (7 - 1) / 5
  transmit_plastic(r.row(), 8);
  EXPECT_EQ(r.tile.weight[0], 10.0);
  EXPECT_DOUBLE_EQ(r.tile.gradient_sum[0], 1.5);
  finish_interval(r.clock, 8, r.mode, r.rule);
  transmit_plastic(r.row(), 11);  // the steps 6 to 8, and the second optimization
  EXPECT_DOUBLE_EQ(r.tile.weight[0], 10.0 - 0.25 * 1.9375 / 5.0);
  EXPECT_EQ(r.tile.gradient_sum[0], 0.0);
}

TEST(HandlingAnInterval, TakesItsGradientsWithoutOptimizing) {
  const OptimizerParameters descent(GradientDescent{});
  Readouts r(descent, false);
  handle(r.row(), 6);
  EXPECT_EQ(r.tile.weight, core::Column(2, 10.0));
  EXPECT_EQ(r.tile.gradient_sum, (core::Column{1.5, 3.0}));
}

TEST(TransmissionIntervals, MayBeHandledInPieces) {
  for (const auto parameters : {Parameters::shared, Parameters::shared_adaptive, Parameters::own}) {
    for (const Step piece : {1, 5, 64}) {
      for (const Step lag : {1, 4}) {
        for (const double cutoff : {1.0, 2.0, 20.0, 1e9}) {
          RigOptions o{.parameters = parameters,
                       .cutoff = cutoff,
                       .lag = lag,
                       .sweep_interval = piece,
                       .sweeps_all = true};
          expect_as_defined(o);
          o.optimizer = batched_adam();
          expect_as_defined(o);
          o.readouts = true;
          expect_as_defined(o);
        }
      }
    }
  }
}

TEST(TransmissionIntervals, EndTheLongestLagLater) {
  for (const auto parameters : {Parameters::shared, Parameters::shared_adaptive, Parameters::own}) {
    for (const Step lag : {10, 62, 63}) {
      RigOptions o{.parameters = parameters, .lag = lag};
      expect_as_defined(o);
      o.readouts = true;
      expect_as_defined(o);
    }
  }
}

TEST(TransmissionIntervals, TeachNothingWithACutoffOfZero) {
  for (const auto parameters : {Parameters::shared, Parameters::shared_adaptive, Parameters::own}) {
    for (const bool each_step : {false, true}) {
      RigOptions o{.parameters = parameters, .cutoff = 0.0, .each_step = each_step};
      expect_as_defined(o);
      o.optimizer = batched_adam();
      expect_as_defined(o);
    }
  }
}

TEST(TransmissionOfSeveralSynapses, OfTheSamePairIsAsDefined) {
  for (const auto parameters : {Parameters::shared, Parameters::shared_adaptive, Parameters::own}) {
    for (const bool each_step : {false, true}) {
      RigOptions o{.parameters = parameters, .each_step = each_step, .repeats = true};
      expect_as_defined(o);
      o.optimizer = batched_adam();
      expect_as_defined(o);
      o.readouts = true;
      expect_as_defined(o);
    }
  }
}

}  // namespace
}  // namespace eprop::plasticity
