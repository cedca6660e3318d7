#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "eprop/comm/collectives.hpp"
#include "eprop/comm/launch.hpp"
#include "eprop/simulation.hpp"
#include "forwarding_communicator.hpp"
#include "sample_networks.hpp"

namespace eprop {
namespace {

struct CableCut : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Passes everything on until the n-th exchange, which throws.
class FailingLater final : public testing::ForwardingCommunicator {
 public:
  FailingLater(comm::Communicator& comm, int n) : ForwardingCommunicator(comm), left_(n) {}

  void exchange(std::span<const int> to, std::span<const comm::Bytes> out,
                std::span<const int> from, std::span<comm::Bytes> in) override {
    if (--left_ == 0) throw CableCut("the cable is cut");
    ForwardingCommunicator::exchange(to, out, from, in);
  }

 private:
  int left_;
};

TEST(FailingSimulation, EndsTheJobWithTheErrorOfTheRankThatFailed) {
  const testing::SmallNetwork small;
  for (const int ranks : {2, 3}) {
    std::atomic<int> ended_early = 0;
    const auto body = [&](comm::Communicator& comm) {
      FailingLater failing(comm, comm.rank() == 1 ? 5 : 1000000);
      Simulation simulation(small.network, failing, 1);
      try {
        simulation.run(100);
      } catch (...) {
        ++ended_early;
        throw;
      }
    };
    EXPECT_THROW(comm::run_as_threads(ranks, body), CableCut);
    EXPECT_EQ(ended_early, ranks);
  }
}

TEST(FailingSimulation, StopsAllThreadsOfItsRank) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "the OpenMP runtime is not instrumented";
#endif
  const testing::SmallNetwork small;
  EXPECT_THROW(comm::run_as_threads(2,
                                    [&](comm::Communicator& comm) {
                                      FailingLater failing(comm, comm.rank() == 0 ? 3 : 1000000);
                                      Simulation(small.network, failing, 3).run(100);
                                    }),
               CableCut);
}

}  // namespace
}  // namespace eprop
