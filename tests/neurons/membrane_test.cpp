#include "neurons/membrane.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace eprop::neurons {
namespace {

/// The definition, with digits enough for time constants that are nearly equal.
long double defined(long double dt, long double tau_m, long double tau_syn, long double C_m) {
  return tau_m * tau_syn / (C_m * (tau_m - tau_syn)) *
         (std::exp(-dt / tau_m) - std::exp(-dt / tau_syn));
}

void expect_as_defined(double dt, double tau_m, double tau_syn, double tolerance) {
  const auto expected = static_cast<double>(defined(dt, tau_m, tau_syn, 250.0));
  EXPECT_NEAR(synaptic_propagator(dt, tau_m, tau_syn, 250.0) / expected, 1.0, tolerance)
      << "dt " << dt << " tau_m " << tau_m << " tau_syn " << tau_syn;
}

TEST(SynapticPropagator, IsThatOfTheDefinition) {
  for (const double dt : {0.1, 1.0}) {
    for (const double tau_syn : {0.05, 0.5, 2.0, 9.0, 9.99, 10.01, 30.0, 500.0}) {
      expect_as_defined(dt, 10.0, tau_syn, 1e-14);
    }
  }
}

TEST(SynapticPropagator, KeepsItsDigitsWhereTimeConstantsAreNearlyEqual) {
  expect_as_defined(1.0, 10.0, 10.001, 1e-13);  // the tolerance is what the definition leaves
  expect_as_defined(1.0, 10.0, 9.99999, 1e-12);
}

TEST(SynapticPropagator, HasItsLimitWhereTimeConstantsAreEqual) {
  const double limit = 0.5 / 250.0 * std::exp(-0.05);
  EXPECT_DOUBLE_EQ(synaptic_propagator(0.5, 10.0, 10.0, 250.0), limit);
  EXPECT_NEAR(synaptic_propagator(0.5, 10.0, 10.0 * (1.0 + 1e-15), 250.0) / limit, 1.0, 1e-14);
}

TEST(SynapticPropagator, IsFiniteWhereATimeConstantIsFarBelowAStep) {
  EXPECT_NEAR(synaptic_propagator(1.0, 1e-4, 10.0, 250.0), 1e-4 / 250.0 * std::exp(-0.1), 1e-11);
  EXPECT_EQ(synaptic_propagator(1.0, 10.0, 1e-4, 250.0),
            synaptic_propagator(1.0, 1e-4, 10.0, 250.0));
}

}  // namespace
}  // namespace eprop::neurons
