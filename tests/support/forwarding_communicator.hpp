#pragma once

#include "eprop/comm/communicator.hpp"

namespace eprop::testing {

/// Passes everything on to another communicator, for tests that override what they observe or
/// break.
class ForwardingCommunicator : public comm::Communicator {
 public:
  explicit ForwardingCommunicator(comm::Communicator& to) : to_(to) {}

  [[nodiscard]] int rank() const override { return to_.rank(); }
  [[nodiscard]] int size() const override { return to_.size(); }
  [[nodiscard]] bool is_dry_run() const override { return to_.is_dry_run(); }
  void barrier() override { to_.barrier(); }
  void broadcast(std::span<std::byte> data, int root) override { to_.broadcast(data, root); }
  void all_gather(std::span<const std::byte> mine, std::span<std::byte> all) override {
    to_.all_gather(mine, all);
  }
  std::vector<comm::Bytes> gather(std::span<const std::byte> mine, int root) override {
    return to_.gather(mine, root);
  }
  std::vector<comm::Bytes> all_to_all(const std::vector<comm::Bytes>& to) override {
    return to_.all_to_all(to);
  }
  void exchange(std::span<const int> to, std::span<const comm::Bytes> out,
                std::span<const int> from, std::span<comm::Bytes> in) override {
    to_.exchange(to, out, from, in);
  }
  std::unique_ptr<comm::Communicator> split(int colour) override { return to_.split(colour); }
  void fail(const std::string& message) override { to_.fail(message); }
  void report(const std::string& message) override { to_.report(message); }

 private:
  comm::Communicator& to_;
};

}  // namespace eprop::testing
