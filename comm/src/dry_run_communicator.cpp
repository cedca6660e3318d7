#include "dry_run_communicator.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "eprop/comm/errors.hpp"
#include "eprop/comm/launch.hpp"
#include "failure_report.hpp"
#include "operation.hpp"

namespace eprop::comm {

DryRunCommunicator::DryRunCommunicator(int rank, int ranks) : rank_(rank), ranks_(ranks) {
  if (ranks < 1) throw CommError(fmt::format("{} ranks: a job has at least one", ranks));
  if (rank < 0 || rank >= ranks) {
    throw CommError(fmt::format("dry run: rank {} is none of a job of {}", rank, ranks));
  }
}

void DryRunCommunicator::broadcast(std::span<std::byte> /*data*/, int root) {
  require_root(Operation::broadcast, root, ranks_);
}

void DryRunCommunicator::all_gather(std::span<const std::byte> mine, std::span<std::byte> all) {
  require_gathered_size(mine.size(), all.size(), ranks_);
  auto place = all.begin();
  for (int r = 0; r < ranks_; ++r) place = std::ranges::copy(mine, place).out;
}

std::vector<Bytes> DryRunCommunicator::gather(std::span<const std::byte> mine, int root) {
  require_root(Operation::gather, root, ranks_);
  if (rank_ != root) return {};
  return std::vector<Bytes>(static_cast<std::size_t>(ranks_), Bytes(mine.begin(), mine.end()));
}

std::vector<Bytes> DryRunCommunicator::all_to_all(const std::vector<Bytes>& to) {
  require_one_per_rank(to.size(), ranks_);
  return to;
}

void DryRunCommunicator::exchange(std::span<const int> to, std::span<const Bytes> out,
                                  std::span<const int> from, std::span<Bytes> in) {
  require_peers("to", to, out.size(), rank_, ranks_);
  require_peers("from", from, in.size(), rank_, ranks_);
  std::size_t sent = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    while (sent < to.size() && to[sent] < from[i]) ++sent;
    in[i].clear();
    if (sent < to.size() && to[sent] == from[i]) in[i] = out[sent];
  }
}

std::unique_ptr<Communicator> DryRunCommunicator::split(int colour) {
  require_colour(colour);
  throw CommError(fmt::format("split: a dry run of {} ranks has no groups", ranks_));
}

void DryRunCommunicator::fail(const std::string& message) {
  print_error(message);
  exit_failed();
}

void DryRunCommunicator::report(const std::string& message) { print_error(message); }

std::unique_ptr<Communicator> make_dry_run(int rank, int ranks) {
  return std::make_unique<DryRunCommunicator>(rank, ranks);
}

}  // namespace eprop::comm
