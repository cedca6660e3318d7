#pragma once

#include <atomic>
#include <exception>

namespace eprop::engine {

/// The first exception of a rank's threads, to be thrown when all have stopped.
class Failure {
 public:
  [[nodiscard]] bool happened() const { return happened_.load(std::memory_order_relaxed); }

  /// Runs f unless a thread has failed.
  template <class F>
  void guard(F&& f) noexcept {
    if (happened()) return;
    try {
      f();
    } catch (...) {
      note(std::current_exception());
    }
  }
  void note(const std::exception_ptr& failure) noexcept {
    if (!happened_.exchange(true)) first_ = failure;
  }

  /// After all threads have stopped.
  void rethrow() const {
    if (first_) std::rethrow_exception(first_);
  }

 private:
  std::atomic<bool> happened_{false};
  std::exception_ptr first_;
};

}  // namespace eprop::engine
