#include "serial_communicator.hpp"

#include <algorithm>

#include "eprop/comm/launch.hpp"
#include "failure_report.hpp"
#include "operation.hpp"

namespace eprop::comm {

void SerialCommunicator::broadcast(std::span<std::byte> /*data*/, int root) {
  require_root(Operation::broadcast, root, 1);
}

void SerialCommunicator::all_gather(std::span<const std::byte> mine, std::span<std::byte> all) {
  require_gathered_size(mine.size(), all.size(), 1);
  std::ranges::copy(mine, all.begin());
}

std::vector<Bytes> SerialCommunicator::gather(std::span<const std::byte> mine, int root) {
  require_root(Operation::gather, root, 1);
  return {Bytes(mine.begin(), mine.end())};
}

std::vector<Bytes> SerialCommunicator::all_to_all(const std::vector<Bytes>& to) {
  require_one_per_rank(to.size(), 1);
  return to;
}

void SerialCommunicator::exchange(std::span<const int> to, std::span<const Bytes> out,
                                  std::span<const int> from, std::span<Bytes> in) {
  require_peers("to", to, out.size(), 0, 1);
  require_peers("from", from, in.size(), 0, 1);
}

std::unique_ptr<Communicator> SerialCommunicator::split(int colour) {
  require_colour(colour);
  return make_serial();
}

void SerialCommunicator::fail(const std::string& message) {
  print_error(message);
  exit_failed();
}

void SerialCommunicator::report(const std::string& message) { print_error(message); }

std::unique_ptr<Communicator> make_serial() { return std::make_unique<SerialCommunicator>(); }

}  // namespace eprop::comm
