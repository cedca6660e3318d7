#pragma once

#include "eprop/comm/communicator.hpp"
#include "thread_group.hpp"

namespace eprop::comm {

/// One of the ranks that are threads of this process.
class ThreadCommunicator final : public Communicator {
 public:
  ThreadCommunicator(ThreadGroup& group, int rank) : group_(group), rank_(rank) {}

  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return group_.size(); }

  void barrier() override;
  void broadcast(std::span<std::byte> data, int root) override;
  void all_gather(std::span<const std::byte> mine, std::span<std::byte> all) override;
  [[nodiscard]] std::vector<Bytes> gather(std::span<const std::byte> mine, int root) override;
  [[nodiscard]] std::vector<Bytes> all_to_all(const std::vector<Bytes>& to) override;
  void exchange(std::span<const int> to, std::span<const Bytes> out, std::span<const int> from,
                std::span<Bytes> in) override;
  [[nodiscard]] std::unique_ptr<Communicator> split(int colour) override;
  [[noreturn]] void fail(const std::string& message) override;
  void report(const std::string& message) override;

 private:
  /// Meets the other ranks and calls read() once all contributions are there and agree. Throws
  /// CommError on all ranks if they do not.
  template <class Read>
  void collective(const ThreadGroup::Contribution& mine, Read&& read);
  [[nodiscard]] std::string disagreement() const;

  ThreadGroup& group_;
  int rank_;
};

}  // namespace eprop::comm
