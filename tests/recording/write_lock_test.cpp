#include "eprop/write_lock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "distributed_test.hpp"
#include "eprop/errors.hpp"
#include "message_of.hpp"
#include "recording/lock_owner.hpp"
#include "scratch_file.hpp"

namespace eprop {
namespace {

using recording::is_dead;
using recording::lock_owner;
using recording::LockOwner;
using recording::this_process;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::message_of;
using testing::ScratchFile;

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The message with which a lock is refused, or nothing.
std::string refusal(const std::string& path, comm::Communicator& comm, bool take_over = false) {
  return message_of<OutputError>([&] { const WriteLock lock(path, "the thing", comm, take_over); });
}

/// The number of a process that was one.
std::string ended_process() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return std::to_string(child);
}

}  // namespace

DISTRIBUTED_TEST(WriteLock, IsHeldOnceAndLeavesNothing, RANKS(1, 2, 3)) {
  const ScratchFile path(comm);
  {
    const WriteLock lock(path.path(), "the thing", comm);
    EXPECT_THAT(refusal(path.path(), comm),
                AllOf(HasSubstr("the thing: is being written by process "), HasSubstr(" since 2"),
                      HasSubstr(path.path())));
    WriteLock moved = WriteLock(path.path() + "2", "another", comm);
    moved = WriteLock(path.path() + "3", "a third", comm);
    if (comm.rank() == 0) {
      EXPECT_FALSE(std::filesystem::exists(path.path() + "2"));
    }
  }
  if (comm.rank() == 0) {
    EXPECT_FALSE(std::filesystem::exists(path.path()));
  }
  EXPECT_EQ(refusal(path.path(), comm), "");
}

DISTRIBUTED_TEST(WriteLock, OfAProcessThatHasEndedIsTakenOver, RANKS(1, 2)) {
  const ScratchFile path(comm);
  auto owner = this_process();
  owner.pid = ended_process();
  if (comm.rank() == 0) std::ofstream(path.path()) << to_text(owner);
  comm.barrier();
  EXPECT_EQ(refusal(path.path(), comm), "");
}

DISTRIBUTED_TEST(WriteLock, OfAnotherMachineIsTakenOverOnlyIfAsked, RANKS(1, 2)) {
  const ScratchFile path(comm);
  auto owner = this_process();
  owner.host = "another";
  owner.pid = "7";
  if (comm.rank() == 0) std::ofstream(path.path()) << to_text(owner);
  comm.barrier();
  EXPECT_THAT(refusal(path.path(), comm), HasSubstr("process 7 on another"));
  EXPECT_EQ(refusal(path.path(), comm, true), "");
  EXPECT_EQ(refusal(path.path(), comm), "");
}

DISTRIBUTED_TEST(WriteLock, ThatSomebodyElseHasTakenOverStays, RANKS(1, 2)) {
  const ScratchFile path(comm);
  {
    const WriteLock lock(path.path(), "the thing", comm);
    if (comm.rank() == 0) std::ofstream(path.path()) << "somebody else";
    comm.barrier();
    EXPECT_THAT(refusal(path.path(), comm), HasSubstr("a process that it does not name"));
  }
  if (comm.rank() == 0) {
    EXPECT_EQ(text_of(path.path()), "somebody else");
  }
}

DISTRIBUTED_TEST(WriteLock, ThatCannotBeCreatedIsRefusedOnAllRanks, RANKS(1, 2)) {
  EXPECT_THAT(refusal("/no/such/folder/lock", comm),
              AllOf(HasSubstr("the thing: cannot create its lock '/no/such/folder/lock'"),
                    HasSubstr("No such file or directory")));
}

DISTRIBUTED_TEST(LockOwner, IsReadAsItWasWritten, RANKS(1)) {
  const auto here = this_process();
  EXPECT_EQ(lock_owner(to_text(here)), here);
  EXPECT_EQ(lock_owner("nonsense\nhost = a = b\nx = y"), (LockOwner{.host = "a = b"}));
}

DISTRIBUTED_TEST(LockOwner, IsDeadIfThatIsKnown, RANKS(1)) {
  const auto here = this_process();
  EXPECT_FALSE(is_dead(here, here));
  EXPECT_FALSE(is_dead({}, here));
  const auto with = [&](std::string LockOwner::*member, const std::string& value) {
    auto owner = here;
    owner.*member = value;
    return owner;
  };
  EXPECT_TRUE(is_dead(with(&LockOwner::pid, ended_process()), here));
  EXPECT_TRUE(is_dead(with(&LockOwner::start, "1"), here)) << "the number is another process's";
  EXPECT_TRUE(is_dead(with(&LockOwner::boot, "before"), here)) << "the machine has been started";
  auto contained = with(&LockOwner::space, "pid:[1]");
  contained.pid = ended_process();
  EXPECT_FALSE(is_dead(contained, here)) << "processes of another container have other numbers";
}

DISTRIBUTED_TEST(LockOwner, OfTheSameSlurmJobIsDeadOnceTheJobHasBeenRequeued, RANKS(1)) {
  LockOwner first{.host = "node1", .boot = "x", .pid = "7", .start = "9", .job = "42"};
  auto second = this_process();
  second.job = "42";
  EXPECT_FALSE(is_dead(first, second));
  second.restart = "1";
  EXPECT_TRUE(is_dead(first, second));
  second.job = "43";
  EXPECT_FALSE(is_dead(first, second));
}

}  // namespace eprop
