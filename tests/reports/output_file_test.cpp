#include "reports/output_file.hpp"

#include <gtest/gtest.h>

#include "distributed_test.hpp"
#include "eprop/errors.hpp"
#include "eprop/recording.hpp"
#include "message_of.hpp"
#include "read_hdf5.hpp"
#include "scratch_file.hpp"

namespace eprop::reports {
namespace {

using testing::message_of;
using Values = std::vector<double>;

/// Appends times to a list of a file.
void append(OutputFile& output, const std::string& path, const Values& values) {
  output.append<double>(path, values, "ms");
}

/// A file with the lists /a/time of three rows and /b/time of one, and what table_rows() was before
/// the last of the three.
OutputFile::TableRows write_two(comm::Communicator& comm, const std::string& path) {
  OutputFile output(comm);
  output.create(path, false);
  append(output, "/a/time", {1.0, 2.0});
  append(output, "/b/time", {5.0});
  output.flush();
  auto rows = output.table_rows();
  append(output, "/a/time", {3.0});
  output.close();
  return rows;
}

}  // namespace

DISTRIBUTED_TEST(ReportsFile, MayBeNone, RANKS(1, 2)) {
  OutputFile output(comm);
  EXPECT_EQ(output.file(), nullptr);
  EXPECT_TRUE(output.table_rows().empty());
  EXPECT_FALSE(output.continues("/a"));
  EXPECT_FALSE(output.flush_is_due());
  EXPECT_FALSE(output.has_lost_values());
  append(output, "/a/time", {1.0});  // goes nowhere
  EXPECT_TRUE(output.table_rows().empty());
}

DISTRIBUTED_TEST(ReportsFile, IsMarkedAsSonata, RANKS(1, 2)) {
  const testing::ScratchFile scratch(comm);
  OutputFile output(comm);
  output.create(scratch.path(), false);
  EXPECT_NE(output.file(), nullptr);
  output.close();
  EXPECT_EQ(output.file(), nullptr);
  if (comm.rank() != 0) return;
  EXPECT_EQ(testing::read_attribute<std::uint32_t>(scratch.path(), "/", "version"),
            (std::vector<std::uint32_t>{0, 1}));
}

DISTRIBUTED_TEST(ReportsFile, IsNotCreatedInPlaceOfAnotherUnlessAsked, RANKS(1, 2)) {
  const testing::ScratchFile scratch(comm);
  write_two(comm, scratch.path());
  OutputFile output(comm);
  EXPECT_THROW(output.create(scratch.path(), false), OutputError);
  EXPECT_EQ(output.file(), nullptr);
  output.create(scratch.path(), true);
  EXPECT_TRUE(output.table_rows().empty());
  output.close();
}

DISTRIBUTED_TEST(ReportsFile, AppendsWhatRankZeroPasses, RANKS(1, 2, 3)) {
  const testing::ScratchFile scratch(comm);
  OutputFile output(comm);
  output.create(scratch.path(), false);
  const double own = comm.rank();
  append(output, "/a/time", {1.0 + own, 2.0 + own});
  append(output, "/a/time", {3.0 + own});
  output.append<std::int64_t>("/a/number", std::vector<std::int64_t>{7}, "");
  EXPECT_EQ(output.table_rows(), (OutputFile::TableRows{{"/a/number", 1}, {"/a/time", 3}}));
  output.close();
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_output(scratch.path(), "/a/time"), (Values{1.0, 2.0, 3.0}));
  EXPECT_EQ(read_output(scratch.path(), "/a/number"), Values{7.0});
  EXPECT_EQ(testing::read_strings(scratch.path(), "/a/time", "units"),
            std::vector<std::string>{"ms"});
}

DISTRIBUTED_TEST(ReportsFile, GoesOnFromTheRowsOfACheckpoint, RANKS(1, 2, 3)) {
  const testing::ScratchFile scratch(comm);
  OutputFile output(comm);
  output.expect_tables(write_two(comm, scratch.path()));
  EXPECT_TRUE(output.continues("/a"));
  output.open_to_continue(scratch.path());
  EXPECT_TRUE(output.continues("/a"));
  EXPECT_TRUE(output.continues("/b"));
  EXPECT_FALSE(output.continues("/a/t"));
  EXPECT_FALSE(output.continues("/c"));
  append(output, "/a/time", {30.0});  // in place of what was written after the checkpoint
  append(output, "/c/time", {9.0});
  // The next checkpoint knows of the table that nothing has been appended to.
  EXPECT_EQ(output.table_rows(),
            (OutputFile::TableRows{{"/a/time", 3}, {"/b/time", 1}, {"/c/time", 1}}));
  output.close();
  EXPECT_FALSE(output.continues("/a"));
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_output(scratch.path(), "/a/time"), (Values{1.0, 2.0, 30.0}));
  EXPECT_EQ(read_output(scratch.path(), "/c/time"), Values{9.0});
}

DISTRIBUTED_TEST(ReportsFile, CutsTablesThatItsReportsOpen, RANKS(1, 2)) {
  const testing::ScratchFile scratch(comm);
  OutputFile output(comm);
  output.expect_tables(write_two(comm, scratch.path()));
  output.open_to_continue(scratch.path());
  const auto table = output.file()->open_table<double>("/a/time");
  EXPECT_EQ(output.file()->rows(table), 3U);
  EXPECT_EQ(output.cut(table).index, table.index);
  EXPECT_EQ(output.file()->rows(table), 2U);
  output.close();
}

DISTRIBUTED_TEST(ReportsFile, ThatIsGoneOrLacksRowsIsNotGoneOnWith, RANKS(1, 2)) {
  const testing::ScratchFile scratch(comm);
  OutputFile output(comm);
  const auto failure = [&] {
    return message_of<DamagedOutput>([&] { output.open_to_continue(scratch.path()); });
  };
  EXPECT_EQ(failure(), "output file '" + scratch.path() + "': is not there");
  auto rows = write_two(comm, scratch.path());
  rows["/a/time"] = 4;
  output.expect_tables(rows);
  EXPECT_NE(failure().find("/a/time"), std::string::npos);
  EXPECT_EQ(output.file(), nullptr);
  EXPECT_TRUE(output.continues("/a"));  // as before
  rows["/a/time"] = 3;
  rows["/d/time"] = 0;
  output.expect_tables(rows);
  EXPECT_NE(failure().find("/d/time"), std::string::npos);
  rows.erase("/d/time");
  output.expect_tables(rows);
  output.open_to_continue(scratch.path());
  EXPECT_NE(output.file(), nullptr);
  output.close();
}

DISTRIBUTED_TEST(ReportsFile, ThatIsCreatedAnewContinuesNothing, RANKS(1)) {
  const testing::ScratchFile scratch(comm);
  OutputFile output(comm);
  output.expect_tables({{"/a/time", 2}});
  output.create(scratch.path(), false);
  EXPECT_FALSE(output.continues("/a"));
  EXPECT_TRUE(output.table_rows().empty());
  output.close();
}

DISTRIBUTED_TEST(ReportsFile, IsFlushedNowAndThen, RANKS(1, 2)) {
  const testing::ScratchFile scratch(comm);
  OutputFile output(comm);
  output.create(scratch.path(), false);
  EXPECT_TRUE(output.flush_is_due());  // never yet
  output.flush();
  EXPECT_FALSE(output.flush_is_due());
  output.close();
}

// What is new is kept in memory until then.
DISTRIBUTED_TEST(ReportsFile, IsFlushedWhenMuchHasComeTogether, RANKS(1, 2)) {
  const testing::ScratchFile scratch(comm);
  OutputFile output(comm);
  output.create(scratch.path(), false);
  const Values values(comm.rank() == 0 ? 2'000'000 : 0);
  int pieces = 0;
  for (; !output.is_full(); ++pieces) {
    append(output, "/a/time", values);
    ASSERT_LE(pieces, 10);
  }
  EXPECT_GE(pieces, 64 * 1024 * 1024 / 16'000'000);
  output.flush();
  EXPECT_FALSE(output.is_full());
  append(output, "/a/time", values);
  EXPECT_FALSE(output.is_full());
}

}  // namespace eprop::reports
