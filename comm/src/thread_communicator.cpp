#include "thread_communicator.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "eprop/comm/collectives.hpp"
#include "eprop/comm/errors.hpp"
#include "failure_report.hpp"

namespace eprop::comm {

std::string ThreadCommunicator::disagreement() const {
  const auto& first = group_.contribution(0);
  const bool equal_sizes =
      first.operation == Operation::broadcast || first.operation == Operation::all_gather;
  for (int r = 1; r < size(); ++r) {
    const auto& other = group_.contribution(r);
    if (other.operation != first.operation) {
      return fmt::format("ranks call different operations: rank 0 {}, rank {} {}",
                         name(first.operation), r, name(other.operation));
    }
    if (equal_sizes && other.data.size() != first.data.size()) {
      return fmt::format("{}: rank 0 passes {} bytes, rank {} {}; all must pass as many",
                         name(first.operation), first.data.size(), r, other.data.size());
    }
    if (other.root != first.root) {
      return fmt::format("{}: rank 0 names root {}, rank {} {}; all must name the same",
                         name(first.operation), first.root, r, other.root);
    }
  }
  return {};
}

template <class Read>
void ThreadCommunicator::collective(const ThreadGroup::Contribution& mine, Read&& read) {
  group_.meet(rank_, mine);
  struct Finish {
    ThreadGroup& group;
    ~Finish() { group.finish(); }
  } const finish{group_};
  if (const std::string error = disagreement(); !error.empty()) throw CommError(error);
  read();
}

void ThreadCommunicator::barrier() {
  collective({.operation = Operation::barrier}, [] {});
}

void ThreadCommunicator::broadcast(std::span<std::byte> data, int root) {
  require_root(Operation::broadcast, root, size());
  collective({.operation = Operation::broadcast, .data = data, .root = root}, [&] {
    if (rank_ != root) std::ranges::copy(group_.contribution(root).data, data.begin());
  });
}

void ThreadCommunicator::all_gather(std::span<const std::byte> mine, std::span<std::byte> all) {
  require_gathered_size(mine.size(), all.size(), size());
  collective({.operation = Operation::all_gather, .data = mine}, [&] {
    auto place = all.begin();
    for (int r = 0; r < size(); ++r) {
      place = std::ranges::copy(group_.contribution(r).data, place).out;
    }
  });
}

std::vector<Bytes> ThreadCommunicator::gather(std::span<const std::byte> mine, int root) {
  require_root(Operation::gather, root, size());
  std::vector<Bytes> all;
  collective({.operation = Operation::gather, .data = mine, .root = root}, [&] {
    for (int r = 0; rank_ == root && r < size(); ++r) {
      const auto data = group_.contribution(r).data;
      all.emplace_back(data.begin(), data.end());
    }
  });
  return all;
}

std::vector<Bytes> ThreadCommunicator::all_to_all(const std::vector<Bytes>& to) {
  require_one_per_rank(to.size(), size());
  std::vector<Bytes> in;
  collective({.operation = Operation::all_to_all, .to = &to}, [&] {
    for (int r = 0; r < size(); ++r) {
      in.push_back((*group_.contribution(r).to)[static_cast<std::size_t>(rank_)]);
    }
  });
  return in;
}

void ThreadCommunicator::exchange(std::span<const int> to, std::span<const Bytes> out,
                                  std::span<const int> from, std::span<Bytes> in) {
  require_peers("to", to, out.size(), rank_, size());
  require_peers("from", from, in.size(), rank_, size());
  for (std::size_t i = 0; i < to.size(); ++i) group_.send(rank_, to[i], out[i]);
  for (std::size_t i = 0; i < from.size(); ++i) group_.receive(rank_, from[i], in[i]);
}

std::unique_ptr<Communicator> ThreadCommunicator::split(int colour) {
  require_colour(colour);
  const auto colours = comm::all_gather(*this, colour);
  std::vector<int> ranks;  // of the group
  for (int r = 0; r < size(); ++r) {
    if (colours[static_cast<std::size_t>(r)] == colour) ranks.push_back(r);
  }
  const int first = ranks.front();
  ThreadGroup* part = rank_ == first ? &group_.add_part(ranks) : nullptr;
  part = comm::all_gather(*this, part)[static_cast<std::size_t>(first)];
  const auto place = std::ranges::find(ranks, rank_) - ranks.begin();
  return std::make_unique<ThreadCommunicator>(*part, static_cast<int>(place));
}

void ThreadCommunicator::fail(const std::string& message) {
  group_.job().fail(std::make_exception_ptr(RankFailure(message)), message);
  throw RankFailure(message);
}

void ThreadCommunicator::report(const std::string& message) {
  if (rank_ == 0) print_error(message);
}

}  // namespace eprop::comm
