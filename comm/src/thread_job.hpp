#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

#include "operation.hpp"

namespace eprop::comm {

/// What all ranks of one run_as_threads() have in common, in whichever groups they work: what each
/// is doing, and the first failure, which wakes all.
///
/// No rank waits for ever: as soon as none runs any more (each waits or has left) the wait of the
/// others fails with CommError.
class ThreadJob {
 public:
  enum class State { runs, meets, receives, left };

  struct Rank {
    State state = State::runs;
    Operation operation = Operation::barrier;  ///< in which it meets others
    int source = 0;                            ///< of the message it waits for: a rank of the job
    const void* group = nullptr;               ///< on whose way that message comes
  };

  using Lock = std::unique_lock<std::mutex>;

  explicit ThreadJob(int n_ranks) : ranks_(static_cast<std::size_t>(n_ranks)) {}

  [[nodiscard]] Lock lock() { return Lock(mutex_); }

  // Under the lock. What a rank of the job is doing:
  [[nodiscard]] Rank& at(int rank) { return ranks_[static_cast<std::size_t>(rank)]; }
  /// Wakes those who wait for something to change.
  void notify() { changed_.notify_all(); }
  /// Waits until done(), or a failure. Throws if no rank is left that could bring that about.
  template <class Done>
  void wait(Lock& lock, Done&& done) {
    require_a_running_rank();
    changed_.wait(lock, [&] { return failure_ != nullptr || done(); });
  }
  /// Of the first failures the first.
  void set_failure(const std::exception_ptr& failure, const std::string& message);
  /// Throws RankFailure if a rank has failed.
  void throw_if_failed() const;
  void require_a_running_rank();

  /// The rank needs no further operation.
  void leave(int rank);
  /// Records the first failure and wakes all ranks.
  void fail(const std::exception_ptr& failure, const std::string& message);
  /// Throws the first failure, if there was one; after all ranks have ended.
  void rethrow_failure() const;

 private:
  [[nodiscard]] std::string describe(std::size_t rank) const;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Rank> ranks_;
  std::exception_ptr failure_;
  std::string failure_message_;
};

}  // namespace eprop::comm
