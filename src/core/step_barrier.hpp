#pragma once

#include <atomic>
#include <thread>

namespace eprop::core {

/// Barrier of the threads of a rank for a loop whose steps take microseconds: spins shortly, then
/// yields, so that more threads than cores still advance. Lock-free.
class StepBarrier {
 public:
  explicit StepBarrier(int threads) : threads_(threads) {}

  void wait() {
    if (threads_ == 1) return;
    const auto round = round_.load(std::memory_order_relaxed);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) == threads_ - 1) {
      arrived_.store(0, std::memory_order_relaxed);
      round_.store(round + 1, std::memory_order_release);
      return;
    }
    for (int spins = 0; round_.load(std::memory_order_acquire) == round; ++spins) {
      if (spins > 2000) std::this_thread::yield();
    }
  }

 private:
  const int threads_;
  alignas(64) std::atomic<int> arrived_{0};
  alignas(64) std::atomic<unsigned> round_{0};
};

}  // namespace eprop::core
