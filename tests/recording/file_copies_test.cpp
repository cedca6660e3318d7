#include "recording/file_copies.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "distributed_test.hpp"
#include "message_of.hpp"
#include "recording/hdf5_types.hpp"
#include "scratch_file.hpp"

namespace eprop::recording {
namespace {

namespace fs = std::filesystem;
using Draft = FileCopies::Draft;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::message_of;
using testing::ScratchFile;

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::string read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void publish(FileCopies& copies, const std::string& text) {
  write(copies.draft(), text);
  copies.publish();
}

/// Names in the folder of the file, besides its own.
std::vector<std::string> beside(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(path).parent_path())) {
    if (entry.path() != path) names.push_back(entry.path().filename().string());
  }
  return names;
}

}  // namespace

DISTRIBUTED_TEST(FileCopies, TakeTurns, RANKS(1)) {
  const ScratchFile scratch(comm);
  {
    FileCopies copies(scratch.path(), "x");
    publish(copies, "one");
    EXPECT_EQ(read(scratch.path()), "one");
    EXPECT_EQ(copies.begin(), Draft::copied);
    EXPECT_EQ(read(copies.draft()), "one");
    publish(copies, "two");
    EXPECT_EQ(copies.begin(), Draft::older);
    EXPECT_EQ(read(copies.draft()), "one");
    EXPECT_EQ(read(scratch.path()), "two");
    publish(copies, "three");
    EXPECT_EQ(copies.begin(), Draft::older);
    EXPECT_EQ(read(copies.draft()), "two");
  }
  EXPECT_EQ(read(scratch.path()), "three");
  EXPECT_THAT(beside(scratch.path()), IsEmpty());
}

DISTRIBUTED_TEST(FileCopies, WhoeverReadsAFileKeepsItAsItIs, RANKS(1)) {
  const ScratchFile scratch(comm);
  FileCopies copies(scratch.path(), "x");
  publish(copies, "one");
  ASSERT_EQ(copies.begin(), Draft::copied);
  const int reader = ::open(scratch.path().c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(::flock(reader, LOCK_SH | LOCK_NB), 0);
  publish(copies, "two");
  EXPECT_EQ(copies.begin(), Draft::copied);
  publish(copies, "three");
  std::string text(3, ' ');
  EXPECT_EQ(::read(reader, text.data(), text.size()), 3);
  EXPECT_EQ(text, "one");
  EXPECT_EQ(copies.begin(), Draft::older) << "the reader has another file";
  ::close(reader);
}

DISTRIBUTED_TEST(FileCopies, BackupsThatAreHardLinksStayAsTheyAre, RANKS(1)) {
  const ScratchFile scratch(comm), backup(comm);
  FileCopies copies(scratch.path(), "x");
  publish(copies, "one");
  ASSERT_EQ(copies.begin(), Draft::copied);
  fs::create_hard_link(scratch.path(), backup.path());
  publish(copies, "two");
  EXPECT_EQ(copies.begin(), Draft::copied);
  publish(copies, "three");
  EXPECT_EQ(read(backup.path()), "one");
}

DISTRIBUTED_TEST(FileCopies, OfAnEarlierRunIsKeptUntilTheFirstNewOneIsThere, RANKS(1)) {
  const ScratchFile scratch(comm);
  write(scratch.path(), "earlier");
  FileCopies copies(scratch.path(), "x");
  write(copies.draft(), "new");
  EXPECT_EQ(read(scratch.path()), "earlier");
  copies.publish();
  EXPECT_EQ(read(scratch.path()), "new");
  EXPECT_EQ(copies.begin(), Draft::copied);
  EXPECT_EQ(read(copies.draft()), "new");
}

DISTRIBUTED_TEST(FileCopies, AnotherFileAtThePathIsNotReplacedOneThatIsGoneComesBack, RANKS(1)) {
  const ScratchFile scratch(comm);
  FileCopies copies(scratch.path(), "x");
  publish(copies, "one");
  fs::remove(scratch.path());
  publish(copies, "two");
  EXPECT_EQ(read(scratch.path()), "two");
  ASSERT_EQ(copies.begin(), Draft::copied);
  fs::remove(scratch.path());
  write(scratch.path(), "precious");
  EXPECT_THAT(message_of<WriteError>([&] { publish(copies, "three"); }),
              HasSubstr("output file 'x': another file has taken its place"));
  EXPECT_EQ(read(scratch.path()), "precious");
}

DISTRIBUTED_TEST(FileCopies, WhoeverComesLaterTakesTheDraftsAwayAndNothingElse, RANKS(1)) {
  const ScratchFile scratch(comm);
  const auto name = fs::path(scratch.path()).filename().string();
  const std::string key = "0123456789abcdef";
  for (const auto* ending : {".draft", ".kept"}) write(scratch.path() + "." + key + ending, "");
  const std::vector<std::string> others{name + ".draft",
                                        name + "." + key,
                                        name + ".x." + key + ".draft",
                                        name + "." + key + "0.draft",
                                        name + "." + key.substr(1) + "g.draft",
                                        "." + name + "." + key + ".draft"};
  for (const auto& other : others) write(fs::path(scratch.path()).parent_path() / other, "");
  FileCopies first(scratch.path(), "x");
  EXPECT_THAT(beside(scratch.path()), ::testing::UnorderedElementsAreArray(others));
  publish(first, "one");
  ASSERT_EQ(first.begin(), Draft::copied);
  write(first.draft(), "two");
  const FileCopies second(scratch.path(), "x");
  EXPECT_THAT(message_of<WriteError>([&] { first.publish(); }), HasSubstr("output file 'x'"));
  EXPECT_EQ(read(scratch.path()), "one");
}

}  // namespace eprop::recording
