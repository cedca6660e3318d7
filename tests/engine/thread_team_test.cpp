#include "engine/thread_team.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <functional>
#include <optional>
#include <thread>

#include "eprop/comm/launch.hpp"
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

/// What `f` returns in a thread of its own that may use one processor; so may those it starts.
int on_one_processor(const std::function<int()>& f) {
  int result = 0;
  std::jthread([&] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<unsigned>(::sched_getcpu()), &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    result = f();
  }).join();
  return result;
}

TEST_F(ThreadTeam, OnOneProcessorIsSeen) {
  EXPECT_EQ(on_one_processor([] { return engine::processors_of_team(3); }), 1);
  EXPECT_EQ(on_one_processor([] { return engine::processors_of_team(1); }), 1);
}

TEST_F(ThreadTeam, KnowsWhereProcessorsAreShort) {
  const auto comm = comm::make_serial();
  EXPECT_EQ(on_one_processor([&] { return engine::processors_are_short(*comm, 2) ? 1 : 0; }), 1);
  EXPECT_EQ(on_one_processor([&] { return engine::processors_are_short(*comm, 1) ? 1 : 0; }), 0);
  // Ranks that are threads of one process are on one node.
  std::atomic<int> found = 0;
  on_one_processor([&] {
    comm::run_as_threads(2, [&](comm::Communicator& ranks) {
      found += engine::processors_are_short(ranks, 1) ? 1 : 0;
    });
    return 0;
  });
  EXPECT_EQ(found, 2);
}

TEST_F(ThreadTeam, OfFewerThreadsThanAskedForTellsNothingOfProcessors) {
  EXPECT_EQ(on_one_processor([] {
              int processors = 0;
              in_parallel_region([&] { processors = engine::processors_of_team(3); });
              return processors;
            }),
            3);
}

TEST(SharedProcessors, AreToldWithWhatToDo) {
  EXPECT_EQ(engine::shared_processors(1, {1, 1}), "");
  EXPECT_EQ(engine::shared_processors(4, {4, 8}), "");
  EXPECT_EQ(engine::shared_processors(2, {1}),
            "simulation: threads = 2: on rank 0 they share 1 processor and wait for each other; "
            "start with mpirun --bind-to none or --map-by slot:pe=2, or srun --cpus-per-task=2, or "
            "use fewer threads (EPROP_IGNORE_LAUNCHER=1 silences this)");
  EXPECT_TRUE(engine::shared_processors(4, {4, 2, 3, 1})
                  .starts_with("simulation: threads = 4: on rank 1, and likewise on 2 more, they "
                               "share 2 processors and wait for each other; "));
}

}  // namespace
}  // namespace eprop
