#pragma once

#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <vector>

#include "eprop/comm/communicator.hpp"

/// Tests that run on several ranks and declare where they are written on how many:
///
///   DISTRIBUTED_TEST(Spikes, ReachTheirTargets, RANKS(1, 2, 4)) {
///     EXPECT_EQ(comm.size(), ...);
///   }
///
/// The body runs once on each rank; `comm` is the rank's eprop::comm::Communicator&. A failure on
/// any rank fails the test. The same source runs as processes under mpirun and as threads of one
/// process (see cmake/DistributedTest.cmake). After a fatal failure (ASSERT_...) on some ranks only
/// the others are not left waiting: the run ends.
namespace eprop::testing {

/// Numbers of ranks, each one that CTest runs; anything else is an error at compile time.
class Ranks {
 public:
  static constexpr int largest = 4;

  consteval Ranks(std::initializer_list<int> counts) {
    for (const int n : counts) contains_.at(static_cast<std::size_t>(n)) = true;
    if (contains_[0]) throw "a test needs at least one rank";
  }

  [[nodiscard]] constexpr bool contains(int n) const {
    return n >= 0 && n <= largest && contains_[static_cast<std::size_t>(n)];
  }

 private:
  std::array<bool, largest + 1> contains_{};
};

struct DistributedTest {
  const char* suite;
  const char* name;
  const char* file;
  int line;
  Ranks ranks;
  void (*body)(comm::Communicator&);
};

/// All tests of the executable, in order of declaration within a source file.
inline std::vector<DistributedTest>& distributed_tests() {
  static std::vector<DistributedTest> tests;
  return tests;
}

inline bool declare(const DistributedTest& test) {
  distributed_tests().push_back(test);
  return true;
}

}  // namespace eprop::testing

#define RANKS(...) \
  ::eprop::testing::Ranks { __VA_ARGS__ }

#define DISTRIBUTED_TEST(suite, test, ranks)                                                   \
  static void suite##_##test##_on_rank(::eprop::comm::Communicator& comm);                     \
  [[maybe_unused]] static const bool suite##_##test##_is_declared = ::eprop::testing::declare( \
      {#suite, #test, __FILE__, __LINE__, ranks, &suite##_##test##_on_rank});                  \
  static void suite##_##test##_on_rank([[maybe_unused]] ::eprop::comm::Communicator& comm)
