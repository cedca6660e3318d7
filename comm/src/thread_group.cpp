#include "thread_group.hpp"

#include <utility>

namespace eprop::comm {

ThreadGroup::ThreadGroup(ThreadJob& job, std::vector<int> members)
    : job_(job),
      members_(std::move(members)),
      contributions_(members_.size()),
      mail_(members_.size() * members_.size()),
      finish_(static_cast<std::ptrdiff_t>(members_.size())) {}

std::deque<Bytes>& ThreadGroup::mail(int from, int to) {
  return mail_[static_cast<std::size_t>(from) * members_.size() + static_cast<std::size_t>(to)];
}

void ThreadGroup::meet(int rank, const Contribution& mine) {
  auto lock = job_.lock();
  job_.throw_if_failed();
  contributions_[static_cast<std::size_t>(rank)] = mine;
  if (++arrived_ == size()) {
    arrived_ = 0;
    ++generation_;
    for (const int other : members_) job_.at(other).state = State::runs;
    job_.notify();
    return;
  }
  at(rank).state = State::meets;
  at(rank).operation = mine.operation;
  const std::uint64_t before = generation_;
  job_.wait(lock, [&] { return generation_ != before; });
  // Once all have met all go on, so that what they read outlives the reading.
  if (generation_ == before) job_.throw_if_failed();
}

const ThreadGroup::Contribution& ThreadGroup::contribution(int rank) const {
  return contributions_[static_cast<std::size_t>(rank)];
}

void ThreadGroup::send(int from, int to, const Bytes& message) {
  const auto lock = job_.lock();
  job_.throw_if_failed();
  mail(from, to).push_back(message);
  auto& receiver = at(to);
  if (receiver.state == State::receives && receiver.source == member(from) &&
      receiver.group == this) {
    receiver.state = State::runs;
    job_.notify();
  }
}

void ThreadGroup::receive(int rank, int from, Bytes& message) {
  auto lock = job_.lock();
  job_.throw_if_failed();
  auto& messages = mail(from, rank);
  if (messages.empty()) {
    at(rank).state = State::receives;
    at(rank).source = member(from);
    at(rank).group = this;
    job_.wait(lock, [&] { return !messages.empty(); });
    job_.throw_if_failed();
  }
  message.assign(messages.front().begin(), messages.front().end());
  messages.pop_front();
}

ThreadGroup& ThreadGroup::add_part(const std::vector<int>& ranks) {
  std::vector<int> members;
  members.reserve(ranks.size());
  for (const int rank : ranks) members.push_back(member(rank));
  const auto lock = job_.lock();
  return *parts_.emplace_back(std::make_unique<ThreadGroup>(job_, std::move(members)));
}

}  // namespace eprop::comm
