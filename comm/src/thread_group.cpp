#include "thread_group.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "eprop/comm/errors.hpp"

namespace eprop::comm {

ThreadGroup::ThreadGroup(int n_ranks)
    : ranks_(static_cast<std::size_t>(n_ranks)),
      mail_(ranks_.size() * ranks_.size()),
      finish_(n_ranks) {}

std::deque<Bytes>& ThreadGroup::mail(int from, int to) {
  return mail_[static_cast<std::size_t>(from) * ranks_.size() + static_cast<std::size_t>(to)];
}

void ThreadGroup::meet(int rank, const Contribution& mine) {
  Lock lock(mutex_);
  throw_if_failed();
  at(rank).contribution = mine;
  at(rank).state = State::meets;
  if (++arrived_ == size()) {
    arrived_ = 0;
    ++generation_;
    for (Rank& other : ranks_) other.state = State::runs;
    changed_.notify_all();
    return;
  }
  require_a_running_rank();
  const std::uint64_t before = generation_;
  changed_.wait(lock, [&] { return generation_ != before || failure_ != nullptr; });
  // Once all have met all go on, so that what they read outlives the reading.
  if (generation_ == before) throw_if_failed();
}

const ThreadGroup::Contribution& ThreadGroup::contribution(int rank) const {
  return ranks_[static_cast<std::size_t>(rank)].contribution;
}

void ThreadGroup::send(int from, int to, const Bytes& message) {
  const Lock lock(mutex_);
  throw_if_failed();
  mail(from, to).push_back(message);
  if (at(to).state == State::receives && at(to).source == from) {
    at(to).state = State::runs;
    changed_.notify_all();
  }
}

void ThreadGroup::receive(int rank, int from, Bytes& message) {
  Lock lock(mutex_);
  throw_if_failed();
  auto& messages = mail(from, rank);
  if (messages.empty()) {
    at(rank).state = State::receives;
    at(rank).source = from;
    require_a_running_rank();
    changed_.wait(lock, [&] { return !messages.empty() || failure_ != nullptr; });
    throw_if_failed();
  }
  message.assign(messages.front().begin(), messages.front().end());
  messages.pop_front();
}

void ThreadGroup::leave(int rank) {
  const Lock lock(mutex_);
  at(rank).state = State::left;
  require_a_running_rank();
}

void ThreadGroup::fail(const std::exception_ptr& failure, const std::string& message) {
  const Lock lock(mutex_);
  set_failure(failure, message);
}

void ThreadGroup::rethrow_failure() const {
  if (failure_ != nullptr) std::rethrow_exception(failure_);
}

void ThreadGroup::set_failure(const std::exception_ptr& failure, const std::string& message) {
  if (failure_ != nullptr) return;
  failure_ = failure;
  failure_message_ = message;
  changed_.notify_all();
}

void ThreadGroup::throw_if_failed() const {
  if (failure_ != nullptr) throw RankFailure(failure_message_);
}

void ThreadGroup::require_a_running_rank() {
  const auto is = [](State state) { return [=](const Rank& r) { return r.state == state; }; };
  if (failure_ != nullptr || std::ranges::any_of(ranks_, is(State::runs)) ||
      std::ranges::all_of(ranks_, is(State::left))) {
    return;
  }
  std::string message = "the ranks wait for each other for ever:";
  for (int r = 0; r < size(); ++r) message += describe(r);
  set_failure(std::make_exception_ptr(CommError(message)), message);
  throw_if_failed();
}

std::string ThreadGroup::describe(int rank) {
  const Rank& r = at(rank);
  const char* separator = rank == 0 ? "" : ",";
  switch (r.state) {
    case State::meets:
      return fmt::format("{} rank {} in {}", separator, rank, name(r.contribution.operation));
    case State::receives:
      return fmt::format("{} rank {} in exchange for rank {}", separator, rank, r.source);
    case State::left:
      return fmt::format("{} rank {} has ended", separator, rank);
    case State::runs:
      break;
  }
  return fmt::format("{} rank {} runs", separator, rank);
}

}  // namespace eprop::comm
