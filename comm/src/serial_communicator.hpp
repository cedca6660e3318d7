#pragma once

#include "eprop/comm/communicator.hpp"

namespace eprop::comm {

/// The only rank of a job: every operation is a copy or nothing.
class SerialCommunicator final : public Communicator {
 public:
  [[nodiscard]] int rank() const override { return 0; }
  [[nodiscard]] int size() const override { return 1; }

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
};

}  // namespace eprop::comm
