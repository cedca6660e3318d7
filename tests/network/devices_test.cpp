#include <gtest/gtest.h>

#include <string>

#include "eprop/network.hpp"
#include "refusal.hpp"
#include "special_values.hpp"

namespace eprop {
namespace {

using testing::infinity;
using testing::not_a_number;

std::string trains(std::vector<std::vector<double>> times) {
  return testing::refusal([&] { Network({.dt = 0.1}).add("in", SpikeTrains{std::move(times)}); });
}

std::string poisson(const PoissonSource& source) {
  return testing::refusal([&] { Network({.dt = 0.1}).add("in", 2, source); });
}

std::string rates(const StepRates& r) {
  return testing::refusal([&] { (void)Network({.dt = 0.1}).add("g", r); });
}

TEST(SpikeTrainRule, TimesLieOnTheGridFromZeroOn) {
  EXPECT_EQ(trains({{0.0, 0.3}, {}, {7.7, 0.1}}), "");
  EXPECT_EQ(trains({{0.0}, {0.1, 0.25}}),
            "population 'in': spike time of neuron 1 = 0.25 ms: must be a multiple of dt = 0.1 ms; "
            "with round_times the nearest is taken");
  EXPECT_EQ(trains({{-0.1}}), "population 'in': spike time of neuron 0 = -0.1 ms: must be >= 0");
  EXPECT_EQ(trains({{not_a_number}}),
            "population 'in': spike time of neuron 0 = nan ms: must be finite");
}

TEST(SpikeTrainRule, TimesOffTheGridAreRoundedIfAsked) {
  const auto rounded = [](std::vector<std::vector<double>> times) {
    return testing::refusal([&] { Network({.dt = 0.1}).add("in", SpikeTrains{times, true}); });
  };
  EXPECT_EQ(rounded({{0.0, 0.3, 0.26, 0.25, 0.24}, {0.31}, {-0.05}}), "");
  const std::string thing = "population 'in': spike time of neuron 1 = ";
  EXPECT_EQ(rounded({{0.1}, {-0.06}}), thing + "-0.06 ms: must be >= 0");
  EXPECT_EQ(rounded({{0.1}, {not_a_number}}), thing + "nan ms: must be finite");
  EXPECT_EQ(rounded({{0.1}, {infinity}}), thing + "inf ms: must be finite");
  EXPECT_EQ(rounded({{0.1}, {1e300}}),
            thing + "1e+300 ms: must be below 1e15 steps of dt = 0.1 ms");
}

TEST(PoissonRule, RatesAreNumbersFromZeroOn) {
  const std::string rule = " spikes/s: must be >= 0 and finite";
  EXPECT_EQ(poisson({.rate = 0.0}), "");
  EXPECT_EQ(poisson({.rate = -1.0}), "population 'in': rate = -1" + rule);
  EXPECT_EQ(poisson({.rate = Value::Array{5.0, not_a_number}}),
            "population 'in', neuron 1: rate = nan" + rule);
  EXPECT_EQ(poisson({.rate = infinity}), "population 'in': rate = inf" + rule);
  EXPECT_EQ(
      poisson({.rate = Value::Array{5.0}}),
      "population 'in': rate = array of 1 values: must have one value for each of the 2 neurons");
}

TEST(PoissonRule, DistributionsCanBeDrawnFrom) {
  EXPECT_EQ(poisson({.rate = Normal{50.0, 0.0}}), "");
  EXPECT_EQ(poisson({.rate = Normal{50.0, -1.0}}),
            "population 'in': rate = normal(50, -1) spikes/s: standard deviation must be >= 0");
  EXPECT_EQ(poisson({.rate = Uniform{3.0, 2.0}}),
            "population 'in': rate = uniform(3, 2) spikes/s: low must be <= high");
}

TEST(PoissonRule, StartAndStopLieOnTheGrid) {
  EXPECT_EQ(poisson({.start = 0.25}),
            "population 'in': start = 0.25 ms: must be a multiple of dt = 0.1 ms");
  EXPECT_EQ(poisson({.stop = 0.25}),
            "population 'in': stop = 0.25 ms: must be a multiple of dt = 0.1 ms");
  EXPECT_EQ(poisson({.start = infinity}), "population 'in': start = inf ms: must be finite");
  EXPECT_EQ(poisson({.start = 0.3, .stop = infinity}), "");
}

TEST(StepRateRule, TimesIncrease) {
  EXPECT_EQ(rates({{0.0, 0.1, 5.0}, {{1, 2, 3}}}), "");
  EXPECT_EQ(
      rates({{0.0, 0.2, 0.2}, {{1, 2, 3}}}),
      "rate generator 'g': times[2] = 0.2 ms: must be at least a step of 0.1 ms after the time "
      "before, 0.2 ms");
  EXPECT_EQ(rates({{-0.1}, {{1}}}), "rate generator 'g': times[0] = -0.1 ms: must be >= 0");
  EXPECT_EQ(rates({{0.05}, {{1}}}),
            "rate generator 'g': times[0] = 0.05 ms: must be a multiple of dt = 0.1 ms; with "
            "round_times the nearest is taken");
}

TEST(StepRateRule, TimesOffTheGridAreRoundedIfAskedAndStillIncrease) {
  EXPECT_EQ(rates({{0.0, 0.12, 0.18}, {{1, 2, 3}}, true}), "");
  EXPECT_EQ(rates({{0.0, 0.18, 0.22}, {{1, 2, 3}}, true}),
            "rate generator 'g': times[2] = 0.22 ms: must be at least a step of 0.1 ms after the "
            "time before, 0.18 ms");
}

TEST(StepRateRule, EveryTimeHasAFiniteAmplitudeOfEachGenerator) {
  EXPECT_EQ(
      rates({{0.0, 0.1}, {{1, 2}, {1}}}),
      "rate generator 'g': amplitudes[1] = array of 1 values: must have one value for each of the "
      "2 times");
  EXPECT_EQ(rates({{0.0}, {{infinity}}}),
            "rate generator 'g': amplitudes[0][0] = inf: must be finite");
}

}  // namespace
}  // namespace eprop
