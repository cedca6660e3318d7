#include "core/step_barrier.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <numeric>
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
          barrier.wait(own);
          for (const int count : counts) mismatches += count == round ? 0 : 1;
          barrier.wait(own);
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

/// Threads of which the first, while the others wait, counts what all have done; it takes `pause`
/// for that.
void count(int threads, int rounds, std::chrono::milliseconds pause, bool shared) {
  StepBarrier barrier(threads);
  barrier.share_processors(shared);
  std::vector<int> done(static_cast<std::size_t>(threads), 0);  // each written by one thread
  int counted = 0;                                              // written by the first
  std::atomic<int> mismatches = 0;
  {
    std::vector<std::jthread> crew;
    for (int i = 0; i < threads; ++i) {
      crew.emplace_back([&, own = static_cast<std::size_t>(i)] {
        for (int round = 1; round <= rounds; ++round) {
          ++done[own];
          barrier.wait(own, [&] {
            std::this_thread::sleep_for(pause);
            counted = std::accumulate(done.begin(), done.end(), 0);
          });
          mismatches += counted == round * threads ? 0 : 1;
          barrier.wait(own);
        }
      });
    }
  }
  EXPECT_EQ(mismatches, 0);
}

TEST(StepBarrier, LetsTheFirstThreadWorkWhileAllOthersWait) {
  using std::chrono::milliseconds;
  for (const int threads : {1, 2, 3, 12}) count(threads, 200, milliseconds(0), false);
  for (const int threads : {2, 12}) count(threads, 20, milliseconds(0), true);
}

TEST(StepBarrier, WakesThreadsThatSleep) {
  for (const int threads : {2, 3}) count(threads, 5, std::chrono::milliseconds(10), false);
}

}  // namespace
}  // namespace eprop::core
