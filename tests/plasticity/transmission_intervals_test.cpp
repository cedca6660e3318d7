#include <gtest/gtest.h>

#include "transmission_rig.hpp"

namespace eprop::testing {
namespace {

constexpr Step end = 400;

void expect_as_defined(const RigOptions& o) {
  TransmissionRig rig(o);
  rig.run(various_trains(end), end);
  EXPECT_LE(rig.error(), 1e-10) << o;
}

Optimizer adam() { return Adam{{.batch_size = 2, .eta = 0.01}}; }

}  // namespace

// Sums over products of powers of these factors; the smallest is where they are still used.
TEST(TransmissionBySums, KeepsTenDigitsForAllFactors) {
  const std::vector<double> factors{0.85, 0.9, 0.97, 0.999};
  for (const double alpha : factors) {
    for (const double kappa : {0.85, 0.9, 0.97, 0.999, 1.0}) {
      for (const double kappa_reg : factors) {
        for (const double cutoff : {40.0, 1e9}) {
          expect_as_defined(
              {.alpha = alpha, .kappa = kappa, .kappa_reg = kappa_reg, .cutoff = cutoff});
        }
      }
    }
  }
}

TEST(TransmissionByShortFilters, IsAsDefined) {
  for (const double factor : {0.0, 0.1, 0.8}) {
    for (const auto parameters : {Parameters::shared, Parameters::shared_adaptive}) {
      expect_as_defined({.parameters = parameters, .alpha = factor});
      expect_as_defined({.parameters = parameters, .kappa = factor});
      expect_as_defined({.parameters = parameters, .kappa_reg = factor});
      expect_as_defined({.parameters = parameters, .kappa = factor, .kappa_reg = factor});
    }
  }
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
          o.optimizer = adam();
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
      o.optimizer = adam();
      expect_as_defined(o);
    }
  }
}

TEST(TransmissionOfSeveralSynapses, OfTheSamePairIsAsDefined) {
  for (const auto parameters : {Parameters::shared, Parameters::shared_adaptive, Parameters::own}) {
    for (const bool each_step : {false, true}) {
      RigOptions o{.parameters = parameters, .each_step = each_step, .repeats = true};
      expect_as_defined(o);
      o.optimizer = adam();
      expect_as_defined(o);
      o.readouts = true;
      expect_as_defined(o);
    }
  }
}

}  // namespace eprop::testing
