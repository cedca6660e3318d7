#include "thread_job.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "eprop/comm/errors.hpp"

namespace eprop::comm {

void ThreadJob::leave(int rank) {
  const auto held = lock();
  at(rank).state = State::left;
  require_a_running_rank();
}

void ThreadJob::fail(const std::exception_ptr& failure, const std::string& message) {
  const auto held = lock();
  set_failure(failure, message);
}

void ThreadJob::rethrow_failure() const {
  if (failure_ != nullptr) std::rethrow_exception(failure_);
}

void ThreadJob::set_failure(const std::exception_ptr& failure, const std::string& message) {
  if (failure_ != nullptr) return;
  failure_ = failure;
  failure_message_ = message;
  notify();
}

void ThreadJob::throw_if_failed() const {
  if (failure_ != nullptr) throw RankFailure(failure_message_);
}

void ThreadJob::require_a_running_rank() {
  const auto is = [](State state) { return [=](const Rank& r) { return r.state == state; }; };
  if (failure_ != nullptr || std::ranges::any_of(ranks_, is(State::runs)) ||
      std::ranges::all_of(ranks_, is(State::left))) {
    return;
  }
  std::string message = "the ranks wait for each other for ever:";
  for (std::size_t r = 0; r < ranks_.size(); ++r) message += describe(r);
  set_failure(std::make_exception_ptr(CommError(message)), message);
  throw_if_failed();
}

std::string ThreadJob::describe(std::size_t rank) const {
  const Rank& r = ranks_[rank];
  const char* separator = rank == 0 ? "" : ",";
  switch (r.state) {
    case State::meets:
      return fmt::format("{} rank {} in {}", separator, rank, name(r.operation));
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
