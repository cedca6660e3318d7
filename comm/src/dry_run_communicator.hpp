#pragma once

#include "eprop/comm/communicator.hpp"

namespace eprop::comm {

/// One rank of a job whose other ranks there are not: they are taken to do as this one does.
class DryRunCommunicator final : public Communicator {
 public:
  DryRunCommunicator(int rank, int ranks);

  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return ranks_; }
  [[nodiscard]] bool is_dry_run() const override { return true; }

  void barrier() override {}
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
  int rank_, ranks_;
};

}  // namespace eprop::comm
