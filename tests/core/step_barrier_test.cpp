#include "core/step_barrier.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace eprop::core {
namespace {

/// Threads that count rounds and, between two barriers, see what the others have counted.
void meet(int threads, int rounds) {
  StepBarrier barrier(threads);
  std::vector<int> counts(static_cast<std::size_t>(threads), 0);  // each written by one thread
  std::atomic<int> mismatches = 0;
  {
    std::vector<std::jthread> crew;
    for (int i = 0; i < threads; ++i) {
      crew.emplace_back([&, own = static_cast<std::size_t>(i)] {
        for (int round = 1; round <= rounds; ++round) {
          counts[own] = round;
          barrier.wait();
          for (const int count : counts) mismatches += count == round ? 0 : 1;
          barrier.wait();
        }
      });
    }
  }
  EXPECT_EQ(mismatches, 0);
}

TEST(StepBarrier, LetsASingleThreadPass) { meet(1, 1000); }

TEST(StepBarrier, HoldsEveryThreadUntilAllHaveArrivedAndPublishesTheirWrites) {
  for (const int threads : {2, 3, 4}) meet(threads, 500);
}

TEST(StepBarrier, AdvancesMoreThreadsThanCores) { meet(12, 20); }

}  // namespace
}  // namespace eprop::core
