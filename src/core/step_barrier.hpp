#pragma once

#include <atomic>
#include <cstddef>
#include <thread>

namespace eprop::core {

/// Barrier of the threads of a rank for a loop whose steps take microseconds: who waits spins
/// shortly, then yields, so that more threads than cores still advance, then sleeps.
class StepBarrier {
 public:
  explicit StepBarrier(int threads) : others_(static_cast<unsigned>(threads) - 1) {}

  /// Whether threads may wait for one another's processor: they yield at once then. Not while any
  /// waits.
  void share_processors(bool shared) { spins_ = shared ? 0 : 2000; }

  void wait(std::size_t thread) {
    wait(thread, [] {});
  }
  /// Each of the threads calls it with its number. When all have come, the first calls f(); then
  /// all go on.
  template <class F>
  void wait(std::size_t thread, F&& f) {
    if (thread == 0) {
      until(arrived_, [&](unsigned arrived) { return arrived == others_; });
      arrived_.store(0, std::memory_order_relaxed);
      f();
      if (others_ == 0) return;
      round_.fetch_add(1);
      round_.notify_all();
      return;
    }
    const auto round = round_.load(std::memory_order_relaxed);
    if (arrived_.fetch_add(1) + 1 == others_) arrived_.notify_one();
    until(round_, [&](unsigned now) { return now != round; });
  }

 private:
  template <class Condition>
  void until(const std::atomic<unsigned>& word, Condition&& condition) const {
    constexpr int yields = 200;
    for (int tries = 0;; ++tries) {
      const auto seen = word.load(std::memory_order_acquire);
      if (condition(seen)) return;
      if (tries < spins_) continue;
      if (tries < spins_ + yields) {
        std::this_thread::yield();
      } else {
        word.wait(seen, std::memory_order_acquire);
      }
    }
  }

  const unsigned others_;  ///< threads but the first
  int spins_ = 2000;
  alignas(64) std::atomic<unsigned> arrived_{0};
  alignas(64) std::atomic<unsigned> round_{0};
};

}  // namespace eprop::core
