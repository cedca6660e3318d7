#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>

#include "distributed_test.hpp"
#include "eprop/errors.hpp"
#include "message_of.hpp"
#include "read_hdf5.hpp"
#include "recording/hdf5_file.hpp"
#include "scratch_file.hpp"

namespace eprop::recording {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;
using testing::ScratchFile;

}  // namespace

DISTRIBUTED_TEST(Hdf5Failure, NamesAFileThatCannotBeOpened, RANKS(1, 3)) {
  const std::string path = "/no/such/folder/out.h5";
  EXPECT_THAT(message_of<OutputError>([&] { (void)Hdf5File::create(path, comm); }),
              AllOf(HasSubstr("cannot create it"), HasSubstr(path), HasSubstr("o such file")));
  EXPECT_THAT(message_of<OutputError>([&] { (void)Hdf5File::open_for_append(path, comm); }),
              AllOf(HasSubstr("cannot open it"), HasSubstr(path), HasSubstr("o such file")));
}

DISTRIBUTED_TEST(Hdf5Failure, NamesAnObjectThatCannotBeOpenedOrCreated, RANKS(1, 3)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  (void)file.create_table<double>("/a/table", 2, "");
  const std::vector<double> three{1, 2, 3};
  file.write_dataset<double>("/a/fixed", three, 0, "");
  const auto about = [&](const std::string& object, const std::string& reason) {
    return AllOf(HasSubstr(scratch.path()), HasSubstr("'" + object + "'"), HasSubstr(reason));
  };
  EXPECT_THAT(message_of<OutputError>([&] { (void)file.open_table<double>("/a/other"); }),
              about("/a/other", "doesn't exist"));
  EXPECT_THAT(message_of<OutputError>([&] { (void)file.open_table<std::uint64_t>("/a/fixed"); }),
              about("/a/fixed", "its values are not uint64"));
  EXPECT_THAT(message_of<OutputError>([&] { (void)file.open_table<double>("/a/fixed"); }),
              about("/a/fixed", "not a table that can grow"));
  EXPECT_THAT(message_of<OutputError>([&] { (void)file.create_table<double>("/a/table", 2, ""); }),
              about("/a/table", "name already exists"));
  EXPECT_THAT(message_of<OutputError>([&] { file.write_dataset<double>("/a/b", three, 2, ""); }),
              about("/a/b", "3 values do not make rows of 2 columns"));
  EXPECT_THAT(message_of<OutputError>([&] { file.rewrite_dataset<double>("/a/table", three, 0); }),
              about("/a/table", "its shape is not (3)"));
  EXPECT_THAT(message_of<OutputError>([&] { file.write_attribute("/a/table/x", "name", 1.0); }),
              about("/a/table/x", "'name'"));
}

DISTRIBUTED_TEST(Hdf5Failure, RefusesRowsThatAreNotWhole, RANKS(1, 3)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  const Table table = file.create_table<double>("/table", 4, "");
  const Table list = file.create_list<double>("/list", "");
  const bool gives = comm.rank() == 0;
  const std::vector<double> values(gives ? 4 : 0);
  const auto append = [&](std::size_t rows, std::size_t first, std::size_t columns) {
    return message_of<OutputError>([&] {
      file.append_columns<double>(table, gives ? rows : 1, gives ? first : 0, gives ? columns : 0,
                                  values);
    });
  };
  EXPECT_THAT(append(1, 0, 3), HasSubstr("gives 4 values for 1 rows of 3 columns"));
  EXPECT_THAT(append(1, 1, 4), HasSubstr("columns from 1 on where 0 is next"));
  EXPECT_THAT(append(2, 0, 2), HasSubstr(comm.size() > 1 ? "ranks append 2 and 1 rows"
                                                         : "the ranks give 2 of 4 columns"));
  EXPECT_THAT(message_of<OutputError>([&] { file.append_in_rank_order<double>(table, values); }),
              HasSubstr("it is 2-D of float64, the values are 1-D of float64"));
  EXPECT_THAT(message_of<OutputError>([&] { file.append_in_rank_order<std::uint32_t>(list, {}); }),
              HasSubstr("it is 1-D of float64, the values are 1-D of uint32"));
  EXPECT_THAT(message_of<OutputError>([&] { file.truncate(table, 1); }),
              HasSubstr("it has 0 rows, not 1"));
  file.append_columns<double>(table, 1, 0, gives ? 4 : 0, values);
  EXPECT_EQ(file.rows(table), 1U);
  file.close();
  EXPECT_THAT(message_of<OutputError>([&] { file.flush(); }), HasSubstr("is closed already"));
}

// A rank that fails must be free to end the job, though the others do not come to close the file.
DISTRIBUTED_TEST(Hdf5Failure, LeavesNoRankWaitingForTheFileToBeClosed, RANKS(1, 2, 3)) {
  const ScratchFile scratch(comm);
  const ScratchFile copy(comm);
  const bool fails_first = comm.rank() == 0;
  try {
    Hdf5File file = Hdf5File::create(scratch.path(), comm);
    const Table list = file.create_list<double>("/list", "");
    const std::vector<double> values(fails_first ? 3 : 0, 1.5);
    file.append_in_rank_order<double>(list, values);
    file.flush();
    if (!fails_first) comm.barrier();
    throw std::runtime_error("on every rank, but not at the same time");
  } catch (const std::runtime_error&) {
    if (fails_first) comm.barrier();
  }
  if (comm.rank() != 0) return;
  std::filesystem::copy_file(scratch.path(), copy.path());
  EXPECT_THAT(testing::read_values<double>(copy.path(), "/list"), ElementsAre(1.5, 1.5, 1.5));
}

}  // namespace eprop::recording
