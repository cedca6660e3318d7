#pragma once

#include <barrier>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "eprop/comm/communicator.hpp"
#include "operation.hpp"
#include "thread_job.hpp"

namespace eprop::comm {

/// Ranks of a job that work together, all of them or some: the place where they meet, and what they
/// pass to each other.
class ThreadGroup {
 public:
  /// What a rank passes to a collective operation. The memory stays untouched until finish().
  struct Contribution {
    Operation operation = Operation::barrier;
    std::span<const std::byte> data = {};
    int root = 0;
    const std::vector<Bytes>* to = nullptr;
  };

  /// `members` are the group's ranks as the job counts them, in the group's order.
  ThreadGroup(ThreadJob& job, std::vector<int> members);

  [[nodiscard]] int size() const { return static_cast<int>(members_.size()); }
  [[nodiscard]] ThreadJob& job() { return job_; }

  /// Waits for the contributions of all ranks. Throws RankFailure if a rank fails.
  void meet(int rank, const Contribution& mine);
  /// Between meet() and finish().
  [[nodiscard]] const Contribution& contribution(int rank) const;
  /// Waits until all ranks have read the contributions; follows every meet() that returned.
  void finish() noexcept { finish_.arrive_and_wait(); }

  void send(int from, int to, const Bytes& message);
  /// The oldest message not yet received from that rank. Throws RankFailure if a rank fails.
  void receive(int rank, int from, Bytes& message);

  /// A group of these ranks of this one, which lives as long.
  [[nodiscard]] ThreadGroup& add_part(const std::vector<int>& ranks);

 private:
  using State = ThreadJob::State;

  [[nodiscard]] int member(int rank) const { return members_[static_cast<std::size_t>(rank)]; }
  [[nodiscard]] ThreadJob::Rank& at(int rank) { return job_.at(member(rank)); }
  [[nodiscard]] std::deque<Bytes>& mail(int from, int to);

  ThreadJob& job_;
  std::vector<int> members_;
  std::vector<Contribution> contributions_;  // [rank]
  std::vector<std::deque<Bytes>> mail_;      // [from * size + to]
  int arrived_ = 0;
  std::uint64_t generation_ = 0;
  std::barrier<> finish_;
  std::vector<std::unique_ptr<ThreadGroup>> parts_;
};

}  // namespace eprop::comm
