#include <fmt/format.h>

#include <exception>
#include <numeric>
#include <thread>
#include <vector>

#include "eprop/comm/errors.hpp"
#include "eprop/comm/launch.hpp"
#include "failure_report.hpp"
#include "thread_communicator.hpp"

namespace eprop::comm {

namespace {

void run_rank(ThreadGroup& group, int rank, const RankMain& body) {
  try {
    ThreadCommunicator comm(group, rank);
    body(comm);
    group.job().leave(rank);
  } catch (...) {
    group.job().fail(std::current_exception(), current_exception_message());
  }
}

}  // namespace

void run_as_threads(int n_ranks, const RankMain& body) {
  if (n_ranks < 1) throw CommError(fmt::format("{} ranks: a job has at least one", n_ranks));
  std::vector<int> ranks(static_cast<std::size_t>(n_ranks));
  std::iota(ranks.begin(), ranks.end(), 0);
  ThreadJob job(n_ranks);
  ThreadGroup group(job, ranks);
  std::vector<std::jthread> threads;
  try {
    for (int r = 0; r < n_ranks; ++r) {
      threads.emplace_back([&group, &body, r] { run_rank(group, r, body); });
    }
  } catch (...) {
    job.fail(std::current_exception(), current_exception_message());
  }
  threads.clear();  // joins
  job.rethrow_failure();
}

}  // namespace eprop::comm
