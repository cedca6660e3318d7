#include "engine/agreed.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

#include "eprop/comm/launch.hpp"
#include "message_of.hpp"

namespace eprop::engine {
namespace {

/// Where one of three ranks, or two, throw, all shall throw `Error` with this message.
template <class Error>
void expect_on_all_ranks(const std::function<int(int rank)>& make, const std::string& message) {
  comm::run_as_threads(3, [&](comm::Communicator& comm) {
    EXPECT_EQ(testing::message_of<Error>(
                  [&] { agreed(comm, "making it", [&] { return make(comm.rank()); }); }),
              message)
        << "on rank " << comm.rank();
  });
}

TEST(Agreed, ReturnsWhatEachRankMade) {
  comm::run_as_threads(3, [](comm::Communicator& comm) {
    EXPECT_EQ(agreed(comm, "making it", [&] { return 7 + comm.rank(); }), 7 + comm.rank());
  });
}

TEST(Agreed, RefusesAParameterAlikeOnAllRanks) {
  expect_on_all_ranks<InvalidParameter>(
      [](int rank) { return rank == 0 ? 1 : throw InvalidParameter("dt = 0 ms: must be > 0"); },
      "dt = 0 ms: must be > 0");
}

TEST(Agreed, NamesTheRankWithoutMemory) {
  expect_on_all_ranks<std::bad_alloc>(
      [](int rank) { return rank == 2 ? throw std::bad_alloc() : 1; },
      "making it on rank 2: out of memory");
}

TEST(Agreed, ThrowsTheErrorOfTheLowestRank) {
  expect_on_all_ranks<std::runtime_error>(
      [](int rank) -> int {
        if (rank == 0) return 1;
        if (rank == 1) throw std::length_error("too long");
        throw InvalidParameter("too late");
      },
      "making it on rank 1: too long");
}

}  // namespace
}  // namespace eprop::engine
