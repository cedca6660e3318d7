#pragma once

#include <barrier>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "eprop/comm/communicator.hpp"
#include "operation.hpp"

namespace eprop::comm {

/// What the ranks of one run_as_threads() share: the place where they meet, what they pass to each
/// other, and the first failure, which wakes all.
///
/// No rank waits for ever: as soon as none runs any more (each waits or has left) the wait of the
/// others fails with CommError.
class ThreadGroup {
 public:
  /// What a rank passes to a collective operation. The memory stays untouched until finish().
  struct Contribution {
    Operation operation = Operation::barrier;
    std::span<const std::byte> data = {};
    int root = 0;
    const std::vector<Bytes>* to = nullptr;
  };

  explicit ThreadGroup(int n_ranks);

  [[nodiscard]] int size() const { return static_cast<int>(ranks_.size()); }

  /// Waits for the contributions of all ranks. Throws RankFailure if a rank fails.
  void meet(int rank, const Contribution& mine);
  /// Between meet() and finish().
  [[nodiscard]] const Contribution& contribution(int rank) const;
  /// Waits until all ranks have read the contributions; follows every meet() that returned.
  void finish() noexcept { finish_.arrive_and_wait(); }

  void send(int from, int to, const Bytes& message);
  /// The oldest message not yet received from that rank. Throws RankFailure if a rank fails.
  void receive(int rank, int from, Bytes& message);

  /// The rank needs no further operation.
  void leave(int rank);

  /// Records the first failure and wakes all ranks.
  void fail(const std::exception_ptr& failure, const std::string& message);
  /// Throws the first failure, if there was one; after all ranks have ended.
  void rethrow_failure() const;

 private:
  enum class State { runs, meets, receives, left };

  struct Rank {
    State state = State::runs;
    int source = 0;  // of the message it waits for
    Contribution contribution;
  };

  using Lock = std::unique_lock<std::mutex>;

  [[nodiscard]] Rank& at(int rank) { return ranks_[static_cast<std::size_t>(rank)]; }
  [[nodiscard]] std::deque<Bytes>& mail(int from, int to);
  // Called under the lock.
  void set_failure(const std::exception_ptr& failure, const std::string& message);
  void throw_if_failed() const;
  void require_a_running_rank();
  [[nodiscard]] std::string describe(int rank);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Rank> ranks_;
  std::vector<std::deque<Bytes>> mail_;  // [from * size + to]
  int arrived_ = 0;
  std::uint64_t generation_ = 0;
  std::exception_ptr failure_;
  std::string failure_message_;
  std::barrier<> finish_;
};

}  // namespace eprop::comm
