#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "comm/launch.hpp"
#include "eprop/simulation.hpp"
#include "refusal.hpp"
#include "sample_networks.hpp"

namespace eprop {
namespace {

using testing::refusal;

/// Where OpenMP, which does not nest regions unless asked to, grants teams of one thread only.
void in_parallel_region(const std::function<void()>& action) {
#pragma omp parallel num_threads(2)
  {
#pragma omp master
    action();
  }
}

class ThreadTeam : public ::testing::Test {
 protected:
  void SetUp() override {
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "the OpenMP runtime is not instrumented";
#endif
  }

  const testing::SmallNetwork small_;
};

TEST_F(ThreadTeam, OfFewerThreadsThanAskedForIsRefused) {
  const auto comm = comm::make_serial();
  Simulation simulation(small_.network, *comm, 3);
  std::string message;
  in_parallel_region([&] { message = refusal([&] { simulation.run(10); }); });
  EXPECT_EQ(message,
            "simulation: threads = 3: OpenMP grants 1 on rank 0, because OMP_THREAD_LIMIT, "
            "OMP_DYNAMIC=true or a parallel region around run() allows no more");
  EXPECT_EQ(simulation.step(), 0);
  simulation.run(10);
  EXPECT_EQ(simulation.step(), 10);
}

TEST_F(ThreadTeam, OfOneRankIsRefusedOnAll) {
  comm::run_as_threads(3, [&](comm::Communicator& comm) {
    Simulation simulation(small_.network, comm, 2);
    std::string message;
    const auto run = [&] { message = refusal([&] { simulation.run(10); }); };
    if (comm.rank() == 1) {
      in_parallel_region(run);
    } else {
      run();
    }
    EXPECT_TRUE(message.starts_with("simulation: threads = 2: OpenMP grants 1 on rank 1, "))
        << message;
  });
}

TEST_F(ThreadTeam, OfOneThreadBuildsTheNetworkForMore) {
  const auto comm = comm::make_serial();
  std::optional<Simulation> simulation;
  in_parallel_region([&] { simulation.emplace(small_.network, *comm, 3); });
  simulation->run(100);
  Simulation alone(small_.network, *comm, 1);
  alone.run(100);
  EXPECT_EQ(simulation->weights(small_.rec_rec).weight, alone.weights(small_.rec_rec).weight);
}

TEST_F(ThreadTeam, OfOneThreadRunsInAParallelRegion) {
  const auto comm = comm::make_serial();
  Simulation simulation(small_.network, *comm, 1);
  in_parallel_region([&] { simulation.run(10); });
  EXPECT_EQ(simulation.step(), 10);
}

}  // namespace
}  // namespace eprop
