#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "devices/spike_sources.hpp"

namespace eprop::devices {
namespace {

using Sources = std::vector<std::uint32_t>;

Sources emitted(PoissonPlayer& player, Step t) {
  core::SpikeHistory history(1, t);
  player.emit(t, history);
  history.end_step();
  const auto sources = history.at(t);
  return {sources.begin(), sources.end()};
}

TEST(PoissonSource, SpikesWithTheProbabilityOfAtLeastOneEventInAStep) {
  constexpr std::uint32_t n = 20;
  constexpr Step steps = 5000;
  for (const double rate : {5.0, 100.0, 2000.0}) {
    PoissonPlayer player({.rate = rate}, n, 0, {.dt = 0.5, .seed = 3});
    double spikes = 0.0;
    for (Step t = 0; t < steps; ++t) spikes += static_cast<double>(emitted(player, t).size());
    const double p = 1.0 - std::exp(-rate * 0.5e-3), trials = double{n} * steps;
    EXPECT_NEAR(spikes, p * trials, 4.5 * std::sqrt(p * (1.0 - p) * trials)) << rate;
  }
}

TEST(PoissonSource, SpikesOfNeuronsAndStepsAreIndependent) {
  constexpr Step steps = 40000;
  PoissonPlayer player({.rate = 200.0}, 2, 0, {.dt = 1.0, .seed = 4});
  const double p = 1.0 - std::exp(-0.2);
  double both = 0.0, twice = 0.0;
  bool before = false;
  for (Step t = 0; t < steps; ++t) {
    const auto now = emitted(player, t);
    const bool first = !now.empty() && now.front() == 0;
    both += now.size() == 2 ? 1.0 : 0.0;
    twice += first && before ? 1.0 : 0.0;
    before = first;
  }
  const double deviation = 4.5 * std::sqrt(p * p * steps);
  EXPECT_NEAR(both, p * p * steps, deviation);
  EXPECT_NEAR(twice, p * p * steps, deviation);
}

TEST(PoissonSource, DependsOnSeedPopulationNeuronAndStepAlone) {
  const NetworkOptions options{.seed = 5};
  PoissonPlayer player({.rate = 300.0}, 50, 2, options);
  std::vector<Sources> forwards, backwards;
  for (Step t = 0; t < 100; ++t) forwards.push_back(emitted(player, t));
  for (Step t = 99; t >= 0; --t) backwards.insert(backwards.begin(), emitted(player, t));
  EXPECT_EQ(backwards, forwards);

  PoissonPlayer same({.rate = 300.0}, 50, 2, options);
  PoissonPlayer other_seed({.rate = 300.0}, 50, 2, {.seed = 6});
  PoissonPlayer other_population({.rate = 300.0}, 50, 3, options);
  PoissonPlayer larger({.rate = 300.0}, 80, 2, options);
  bool seed_differs = false, population_differs = false;
  for (Step t = 0; t < 100; ++t) {
    const auto& expected = forwards[static_cast<std::size_t>(t)];
    EXPECT_EQ(emitted(same, t), expected);
    seed_differs = seed_differs || emitted(other_seed, t) != expected;
    population_differs = population_differs || emitted(other_population, t) != expected;
    auto first_ones = emitted(larger, t);
    std::erase_if(first_ones, [](std::uint32_t i) { return i >= 50; });
    EXPECT_EQ(first_ones, expected);
  }
  EXPECT_TRUE(seed_differs);
  EXPECT_TRUE(population_differs);
}

TEST(PoissonSource, SpikesFromItsStartToBeforeItsStop) {
  PoissonPlayer player({.rate = 1e9, .start = 2.0, .stop = 4.0}, 1, 0, {.dt = 0.5});
  for (Step t = 0; t < 12; ++t)
    EXPECT_EQ(emitted(player, t).size(), t >= 4 && t < 8 ? 1U : 0U) << t;
}

TEST(PoissonSource, TakesOneRatePerNeuron) {
  PoissonPlayer player({.rate = Value::Array{0.0, 1e9, 0.0, 1e9}}, 4, 0, {});
  for (Step t = 0; t < 10; ++t) EXPECT_EQ(emitted(player, t), (Sources{1, 3}));
}

}  // namespace
}  // namespace eprop::devices
