// Runs every distributed test once per number of ranks that it declares, the ranks being threads.

#include <string>

#include "distributed_test.hpp"
#include "eprop/comm/launch.hpp"

namespace {

using eprop::comm::Communicator;
using eprop::testing::DistributedTest;

class TestOnThreads : public ::testing::Test {
 public:
  TestOnThreads(const DistributedTest& test, int n_ranks) : test_(test), n_ranks_(n_ranks) {}

  void TestBody() override {
    eprop::comm::run_as_threads(n_ranks_, [&](Communicator& comm) {
      SCOPED_TRACE("on rank " + std::to_string(comm.rank()));
      test_.body(comm);
    });
  }

 private:
  const DistributedTest& test_;
  int n_ranks_;
};

void register_tests() {
  for (const DistributedTest& test : eprop::testing::distributed_tests()) {
    for (int n = 1; n <= eprop::testing::Ranks::largest; ++n) {
      if (!test.ranks.contains(n)) continue;
      const std::string name = std::string(test.name) + "/ranks_" + std::to_string(n);
      ::testing::RegisterTest(
          test.suite, name.c_str(), nullptr, nullptr, test.file, test.line,
          [&test, n]() -> ::testing::Test* { return new TestOnThreads(test, n); });
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  register_tests();
  return RUN_ALL_TESTS();
}
