#include "core/spike_history.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <vector>

namespace eprop::core {
namespace {

using Sources = std::vector<std::uint32_t>;

Sources as_vector(std::span<const std::uint32_t> s) { return {s.begin(), s.end()}; }

/// Appends random spikes for `steps` steps and compares all kept steps with a plain record.
void compare(Step kept, Step steps, std::uint32_t most, Step first = 0) {
  SpikeHistory history(kept, first);
  std::deque<Sources> expected;  // the last `kept` steps
  std::mt19937 random(1);
  for (Step t = first; t < first + steps; ++t) {
    ASSERT_EQ(history.next(), t);
    Sources now(random() % (most + 1));
    for (auto& s : now) s = static_cast<std::uint32_t>(random());
    if (now.size() % 2 == 0) {
      history.append(now);
    } else {
      for (const auto s : now) history.append(s);
    }
    history.end_step();
    expected.push_back(now);
    if (static_cast<Step>(expected.size()) > kept) expected.pop_front();
    Sources all;
    for (std::size_t k = 0; k < expected.size(); ++k) {
      all.insert(all.end(), expected[k].begin(), expected[k].end());
      const Step step = t + 1 - static_cast<Step>(expected.size() - k);
      ASSERT_EQ(as_vector(history.at(step)), expected[k]) << "step " << step << " after " << t;
    }
    ASSERT_EQ(as_vector(history.between(t - kept - 2, t + 3)), all) << "after " << t;
    ASSERT_EQ(as_vector(history.between(t, t + 1)), now) << "after " << t;
    ASSERT_TRUE(history.between(t + 1, t + 3).empty());
    ASSERT_TRUE(history.at(t + 1).empty());
    ASSERT_TRUE(history.at(first - 1).empty());
  }
}

TEST(SpikeHistory, KeepsTheLastStepsThroughManyCompactions) { compare(7, 20000, 9); }

TEST(SpikeHistory, KeepsASingleStep) { compare(1, 3000, 5); }

TEST(SpikeHistory, KeepsManySteps) { compare(300, 2000, 3); }

TEST(SpikeHistory, GrowsWithASuddenBurst) {
  SpikeHistory history(4);
  const Sources burst(100000, 7);
  for (const std::size_t n : {1U, 100000U, 2U, 50000U, 3U}) {
    history.append(std::span(burst).first(n));
    history.end_step();
  }
  EXPECT_EQ(history.at(1).size(), 100000U);
  EXPECT_EQ(history.at(2).size(), 2U);
  EXPECT_EQ(history.at(3).size(), 50000U);
  EXPECT_EQ(history.at(4).size(), 3U);
}

TEST(SpikeHistory, TakesHalfMoreThanWhatItKeepsAtMost) {
  constexpr std::size_t kept = 1000, of_step = 100;
  SpikeHistory history(kept);
  const Sources sources(of_step, 7);
  const auto empty = history.bytes();
  std::uint64_t filled = 0;
  for (std::size_t t = 0; t < 20 * kept; ++t) {
    history.append(sources);
    history.end_step();
    if (t == 5 * kept) filled = history.bytes();
  }
  EXPECT_EQ(history.bytes(), filled);  // a steady state allocates nothing
  constexpr auto bytes = kept * of_step * sizeof(std::uint32_t);
  EXPECT_GE(filled - empty, bytes);
  EXPECT_LE(filled - empty, 1.52 * bytes);
}

TEST(SpikeHistory, MayBeginAtALaterStep) { compare(5, 1000, 4, Step{1} << 33U); }

TEST(SpikeHistory, IsEmptyBeforeItsFirstStep) {
  SpikeHistory history(10, 100);
  history.append(3);
  history.end_step();
  EXPECT_TRUE(history.at(99).empty());
  EXPECT_TRUE(history.at(-5).empty());
  EXPECT_EQ(history.at(100).size(), 1U);
}

TEST(SpikeHistory, RestartsWithAnyStep) {
  SpikeHistory history(5);
  for (Step t = 0; t < 9; ++t) {
    history.append(static_cast<std::uint32_t>(t));
    history.end_step();
  }
  for (const Step first : {30, 2}) {
    history.restart(first);
    EXPECT_EQ(history.next(), first);
    EXPECT_EQ(history.oldest(), first);
    EXPECT_TRUE(history.between(0, 100).empty());
    history.append(7U);
    history.end_step();
    history.end_step();
    EXPECT_EQ(as_vector(history.at(first)), Sources{7});
    EXPECT_TRUE(history.at(first + 1).empty());
    EXPECT_TRUE(history.at(first - 1).empty());
  }
}

}  // namespace
}  // namespace eprop::core
