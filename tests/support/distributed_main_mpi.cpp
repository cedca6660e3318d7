// Runs, as one rank of an MPI job, the distributed tests that declare the job's number of ranks.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "distributed_test.hpp"
#include "eprop/comm/collectives.hpp"
#include "eprop/comm/launch.hpp"

namespace {

using eprop::comm::Communicator;
using eprop::testing::DistributedTest;

class TestOnThisRank : public ::testing::Test {
 public:
  TestOnThisRank(const DistributedTest& test, Communicator& comm) : test_(test), comm_(comm) {}

  void TestBody() override {
    // The others may wait for what this rank was to do next, so the job cannot go on.
    try {
      test_.body(comm_);
    } catch (const std::exception& error) {
      comm_.fail(name() + " threw: " + error.what());
    } catch (...) {
      comm_.fail(name() + " threw what is no std::exception");
    }
    if (HasFatalFailure()) comm_.fail(name() + " failed fatally");
  }

 private:
  [[nodiscard]] std::string name() const {
    return std::string("test ") + test_.suite + "." + test_.name;
  }

  const DistributedTest& test_;
  Communicator& comm_;
};

/// What ranks other than 0 print: their failures.
class FailurePrinter : public ::testing::EmptyTestEventListener {
 public:
  explicit FailurePrinter(int rank) : rank_(rank) {}

  void OnTestStart(const ::testing::TestInfo& test) override {
    test_ = std::string(test.test_suite_name()) + "." + test.name();
  }

  void OnTestPartResult(const ::testing::TestPartResult& result) override {
    if (!result.failed()) return;
    std::printf("rank %d: %s: %s:%d: Failure\n%s\n", rank_, test_.c_str(),
                result.file_name() != nullptr ? result.file_name() : "?", result.line_number(),
                result.message());
    std::fflush(stdout);
  }

 private:
  int rank_;
  std::string test_;
};

void print_failures_only(int rank) {
  auto& listeners = ::testing::UnitTest::GetInstance()->listeners();
  delete listeners.Release(listeners.default_result_printer());
  delete listeners.Release(listeners.default_xml_generator());
  listeners.Append(new FailurePrinter(rank));  // NOLINT: GoogleTest owns it
}

void register_tests(Communicator& comm) {
  for (const DistributedTest& test : eprop::testing::distributed_tests()) {
    if (!test.ranks.contains(comm.size())) continue;
    ::testing::RegisterTest(
        test.suite, test.name, nullptr, nullptr, test.file, test.line,
        [&test, &comm]() -> ::testing::Test* { return new TestOnThisRank(test, comm); });
  }
}

/// The same on all ranks.
bool tests_pass(Communicator& comm) {
  GTEST_FLAG_SET(shuffle, false);  // all ranks run the tests in the same order
  register_tests(comm);
  if (comm.rank() != 0) print_failures_only(comm.rank());
  const std::vector<int> status = eprop::comm::all_gather(comm, RUN_ALL_TESTS());
  for (int r = 1; comm.rank() == 0 && r < comm.size(); ++r) {
    if (status[static_cast<std::size_t>(r)] != 0) std::printf("Tests failed on rank %d.\n", r);
  }
  return std::ranges::all_of(status, [](int s) { return s == 0; });
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  bool pass = false;
  eprop::comm::run_with_mpi(argc, argv, [&](Communicator& comm) { pass = tests_pass(comm); });
  return pass ? 0 : 1;
}
