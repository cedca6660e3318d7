#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "core/spike_history.hpp"

namespace eprop::core {
namespace {

constexpr std::uint32_t n = 13;

/// Every neuron spikes in a step with probability 0.3.
struct Activity {
  explicit Activity(Step steps) : history(steps) {
    std::mt19937 random(9);
    for (Step t = 0; t < steps; ++t) {
      spikes.emplace_back(n, false);
      for (std::uint32_t i = 0; i < n; ++i) {
        if (i == 5 || random() % 10 >= 3) continue;
        spikes.back()[i] = true;
        history.append(i);
      }
      history.end_step();
    }
  }

  [[nodiscard]] std::vector<std::uint32_t> steps_of(std::uint32_t i, Step first, Step last) const {
    std::vector<std::uint32_t> steps;
    for (Step t = first; t < last; ++t) {
      if (spikes[static_cast<std::size_t>(t)][i])
        steps.push_back(static_cast<std::uint32_t>(t - first));
    }
    return steps;
  }

  SpikeHistory history;
  std::vector<std::vector<bool>> spikes;
};

std::vector<std::uint32_t> of(const SpikesBySource& sorted, std::uint32_t source) {
  const auto steps = sorted.of(source);
  return {steps.begin(), steps.end()};
}

TEST(SpikesBySource, ListsTheStepsOfEachSourceFromTheFirstStepOn) {
  const Activity activity(100);
  SpikesBySource sorted;
  for (const auto& [first, last] : {std::pair<Step, Step>{0, 100}, {17, 63}, {98, 100}, {20, 21}}) {
    sorted.sort(activity.history, first, last, n);
    for (std::uint32_t i = 0; i < n; ++i) {
      EXPECT_EQ(of(sorted, i), activity.steps_of(i, first, last)) << "neuron " << i;
    }
  }
}

TEST(SpikesBySource, IsEmptyForSourcesThatDidNotSpike) {
  const Activity activity(50);
  SpikesBySource sorted;
  sorted.sort(activity.history, 0, 50, n);
  EXPECT_TRUE(sorted.of(5).empty());
  sorted.sort(activity.history, 10, 10, n);
  for (std::uint32_t i = 0; i < n; ++i) EXPECT_TRUE(sorted.of(i).empty());
}

TEST(SpikesBySource, FollowsAPopulationThatGrowsAndShrinks) {
  const Activity activity(50);
  SpikesBySource sorted;
  sorted.sort(activity.history, 0, 50, 40);
  EXPECT_EQ(of(sorted, 12), activity.steps_of(12, 0, 50));
  EXPECT_TRUE(sorted.of(39).empty());
  sorted.sort(activity.history, 0, 50, n);
  EXPECT_EQ(of(sorted, 12), activity.steps_of(12, 0, 50));
}

TEST(SpikesBySource, TakesAQuarterMoreThanItsStepsAtMost) {
  SpikesBySource sorted;
  const auto of_none = (std::uint64_t{n} + 2) * sizeof(std::size_t);
  for (const Step last : {500, 700, 1000}) {
    const Activity activity(last);
    sorted.sort(activity.history, 0, last, n);
    const auto steps = activity.history.between(0, last).size() * sizeof(std::uint32_t);
    EXPECT_GE(sorted.bytes(), of_none + steps);
    EXPECT_LE(sorted.bytes(), of_none + steps + steps / 4);
  }
}

}  // namespace
}  // namespace eprop::core
