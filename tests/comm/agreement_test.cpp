#include "eprop/comm/agreement.hpp"

#include <functional>
#include <stdexcept>

#include "distributed_test.hpp"
#include "message_of.hpp"

namespace eprop::comm {
namespace {

using testing::message_of;

struct Refusal : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};
struct FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct DamagedFile : FileError {
  using FileError::FileError;
};

DISTRIBUTED_TEST(Agreed, ReturnsWhatEachRankMade, RANKS(1, 2, 3)) {
  EXPECT_EQ(agreed(comm, "making it", [&] { return 7 + comm.rank(); }), 7 + comm.rank());
  bool called = false;
  agreed(comm, "doing it", [&] { called = true; });
  EXPECT_TRUE(called);
}

DISTRIBUTED_TEST(Agreed, ThrowsWhatOneRankRefusesAlikeOnAll, RANKS(1, 2, 3)) {
  const auto make = [&] {
    if (comm.rank() == comm.size() - 1) throw Refusal("dt = 0 ms: must be > 0");
    return 1;
  };
  EXPECT_EQ(message_of<Refusal>([&] { agreed<Refusal>(comm, "making it", make); }),
            "dt = 0 ms: must be > 0");
}

DISTRIBUTED_TEST(Agreed, NamesTheRankWithoutMemory, RANKS(3)) {
  const auto make = [&] { return comm.rank() == 2 ? throw std::bad_alloc() : 1; };
  EXPECT_EQ(message_of<OutOfMemory>([&] { agreed<Refusal>(comm, "making it", make); }),
            "making it on rank 2: out of memory");
}

DISTRIBUTED_TEST(Agreed, ThrowsTheErrorOfTheLowestRank, RANKS(3)) {
  const auto make = [&]() -> int {
    if (comm.rank() == 0) return 1;
    if (comm.rank() == 1) throw std::length_error("too long");
    throw Refusal("too late");
  };
  EXPECT_EQ(message_of<std::runtime_error>([&] { agreed<Refusal>(comm, "making it", make); }),
            "making it on rank 1: too long");
}

/// What all ranks throw where f() is called on rank 0 alone.
template <class Error>
std::string thrown_on_all(Communicator& comm, const std::function<void()>& f) {
  return message_of<Error>([&] {
    on_first_rank<DamagedFile, FileError>(comm, "opening it", [&] {
      EXPECT_EQ(comm.rank(), 0);
      f();
    });
  });
}

DISTRIBUTED_TEST(OnFirstRank, IsCalledThereAlone, RANKS(1, 2, 3)) {
  int calls = 0;
  on_first_rank(comm, "counting", [&] { ++calls; });
  EXPECT_EQ(calls, comm.rank() == 0 ? 1 : 0);
}

DISTRIBUTED_TEST(OnFirstRank, ThrowsTheMostDerivedTypeOnAllRanks, RANKS(1, 2, 3)) {
  EXPECT_EQ(thrown_on_all<DamagedFile>(comm, [] { throw DamagedFile("cut short"); }), "cut short");
  EXPECT_EQ(thrown_on_all<FileError>(comm, [] { throw FileError("not there"); }), "not there");
  const auto fails = [] { throw FileError("not there"); };
  try {
    on_first_rank<DamagedFile, FileError>(comm, "opening it", fails);
    ADD_FAILURE() << "nothing thrown";
  } catch (const FileError& error) {
    EXPECT_EQ(dynamic_cast<const DamagedFile*>(&error), nullptr);
  }
}

DISTRIBUTED_TEST(OnFirstRank, TellsMissingMemoryAndOtherErrorsApart, RANKS(1, 2, 3)) {
  EXPECT_EQ(thrown_on_all<OutOfMemory>(comm, [] { throw std::bad_alloc(); }),
            "opening it on rank 0: out of memory");
  EXPECT_EQ(thrown_on_all<OutOfMemory>(comm, [] { throw OutOfMemory("no 3 GB for it"); }),
            "opening it on rank 0: no 3 GB for it");
  EXPECT_EQ(thrown_on_all<std::runtime_error>(comm, [] { throw std::length_error("too long"); }),
            "opening it on rank 0: too long");
}

}  // namespace
}  // namespace eprop::comm
