#include "devices/step_rates.hpp"

#include <gtest/gtest.h>

#include "refusal.hpp"

namespace eprop::devices {
namespace {

/// Outputs of a generator in the steps [0, steps).
std::vector<double> outputs(StepRatePlayer& player, std::size_t g, Step steps) {
  std::vector<double> result;
  for (Step t = 0; t < steps; ++t) {
    player.advance(t);
    result.push_back(player.now(g));
  }
  return result;
}

TEST(StepRate, IsZeroUntilItsFirstTimeThenHoldsEachAmplitude) {
  StepRatePlayer player({{0.2, 0.5}, {{3.0, -1.0}}}, 0.1);
  EXPECT_EQ(outputs(player, 0, 8), (std::vector<double>{0, 0, 3, 3, 3, -1, -1, -1}));
}

TEST(StepRate, OfOneGeneratorIsTheSameForAll) {
  StepRatePlayer player({{0.0}, {{2.0}}}, 1.0);
  player.advance(0);
  EXPECT_EQ(player.now(0), 2.0);
  EXPECT_EQ(player.now(7), 2.0);
}

TEST(StepRate, OfSeveralGeneratorsIsEachItsOwn) {
  StepRatePlayer player({{0.0, 2.0}, {{1.0, 10.0}, {2.0, 20.0}, {3.0, 30.0}}}, 1.0);
  player.advance(1);
  for (std::size_t g = 0; g < 3; ++g) EXPECT_EQ(player.now(g), 1.0 + static_cast<double>(g));
  player.advance(2);
  for (std::size_t g = 0; g < 3; ++g)
    EXPECT_EQ(player.now(g), 10.0 + 10.0 * static_cast<double>(g));
}

TEST(StepRate, TakesTheLatestOfTheAmplitudesThatItPassed) {
  StepRatePlayer player({{0.0, 1.0, 2.0, 9.0}, {{1.0, 2.0, 3.0, 4.0}}}, 1.0);
  player.advance(5);
  EXPECT_EQ(player.now(0), 3.0);
}

TEST(StepRate, TakesFurtherAmplitudes) {
  StepRatePlayer player({{0.0, 4.0}, {{1.0, 2.0}, {5.0, 6.0}}}, 1.0);
  player.advance(2);
  player.add({{5.0, 7.0}, {{3.0, 4.0}, {7.0, 8.0}}}, 1.0, "rates");
  player.advance(4);
  EXPECT_EQ(player.now(1), 6.0);
  player.advance(5);
  EXPECT_EQ(player.now(1), 7.0);
  player.advance(8);
  EXPECT_EQ(player.now(0), 4.0);
  EXPECT_EQ(player.now(1), 8.0);
}

TEST(StepRate, TakesAmplitudesInEachStepHoweverManyAreToCome) {
  StepRatePlayer expected({{}, {{}, {}}}, 1.0), player({{}, {{}, {}}}, 1.0);
  StepRates all{{}, {{}, {}}};
  const auto add = [](StepRates& rates, double t) {
    rates.times.push_back(t);
    rates.amplitudes[0].push_back(t + 0.5);
    rates.amplitudes[1].push_back(-t);
  };
  for (int t = 0; t < 100; ++t) add(all, t);
  expected.add(all, 1.0, "rates");
  for (Step t = 0; t < 50; ++t) {  // two in each step
    for (const Step later : {2 * t, 2 * t + 1}) {
      StepRates one{{}, {{}, {}}};
      add(one, static_cast<double>(later));
      player.add(one, 1.0, "rates");
    }
    expected.advance(t);
    player.advance(t);
    for (std::size_t g = 0; g < 2; ++g) EXPECT_EQ(player.now(g), expected.now(g)) << t;
  }
  EXPECT_EQ(player.state().steps, expected.state().steps);
  EXPECT_EQ(player.state().amplitudes, expected.state().amplitudes);
}

TEST(StepRate, MayBeginWithoutAmplitudes) {
  StepRatePlayer player({{}, {{}, {}}}, 1.0);
  player.advance(3);
  EXPECT_EQ(player.now(1), 0.0);
  player.add({{4.0}, {{1.0}, {2.0}}}, 1.0, "rates");
  player.advance(4);
  EXPECT_EQ(player.now(1), 2.0);
}

TEST(StepRate, RefusesAmplitudesOfThePast) {
  StepRatePlayer player({{0.0, 4.0}, {{1.0, 2.0}}}, 1.0);
  EXPECT_EQ(testing::refusal([&] {
              player.add({{4.0}, {{3.0}}}, 1.0, "rates");
            }),
            "rates: times = 4 ms: must be later than all given before");
  EXPECT_EQ(testing::refusal([&] {
              player.add({{5.0}, {{3.0}, {3.0}}}, 1.0, "rates");
            }),
            "rates: amplitudes = 2 rows: must be one for each of the 1 generators");
}

}  // namespace
}  // namespace eprop::devices
