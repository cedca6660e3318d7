#include "recording/hdf5_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "distributed_test.hpp"
#include "eprop/comm/launch.hpp"
#include "read_hdf5.hpp"
#include "scratch_file.hpp"
#include "sequences.hpp"

namespace eprop::recording {
namespace {

using testing::counting;
using ::testing::ElementsAre;
using testing::read_attribute;
using testing::read_shape;
using testing::read_strings;
using testing::read_values;
using testing::ScratchFile;

/// Columns of this rank if they are dealt out in blocks; the last ranks may have none.
struct MyColumns {
  std::size_t first;
  std::size_t count;
};

MyColumns my_columns(const comm::Communicator& comm, std::size_t columns) {
  const auto size = static_cast<std::size_t>(comm.size());
  const std::size_t block = (columns + size - 1) / size;
  const std::size_t first = std::min(columns, static_cast<std::size_t>(comm.rank()) * block);
  return {first, std::min(block, columns - first)};
}

/// Appends rows `row` to `row + n_rows` of a table whose element (r, c) is r * columns + c.
void append_counting(Hdf5File& file, Table table, std::size_t row, std::size_t n_rows,
                     std::size_t columns, const MyColumns& mine) {
  std::vector<std::uint64_t> values;
  for (std::size_t r = row; r < row + n_rows; ++r) {
    for (std::size_t c = 0; c < mine.count; ++c) values.push_back(r * columns + mine.first + c);
  }
  file.append_columns<std::uint64_t>(table, n_rows, mine.first, mine.count, values);
}

}  // namespace

// MPI may have an opinion of its own on what is before a colon.
DISTRIBUTED_TEST(Hdf5File, IsWhereThePathSays, RANKS(1, 2, 3)) {
  const ScratchFile scratch(comm);
  for (const std::string name : {" with spaces.h5", "_12:30.h5", "_other:/file.h5"}) {
    const std::string path = scratch.path() + name;
    const auto folder = std::filesystem::path(path).parent_path();
    if (comm.rank() == 0) std::filesystem::create_directory(folder);
    comm.barrier();
    Hdf5File file = Hdf5File::create(path, comm);
    append_counting(file, file.create_table<std::uint64_t>("/table", 5, ""), 0, 3, 5,
                    my_columns(comm, 5));
    file.close();
    if (comm.rank() == 0) {
      EXPECT_EQ(read_values<std::uint64_t>(path, "/table"), counting<std::uint64_t>(15)) << path;
    }
  }
}

DISTRIBUTED_TEST(Hdf5File, KeepsRowsThatRanksAppendByColumns, RANKS(1, 2, 3, 4)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  constexpr std::size_t columns = 7;
  const Table table = file.create_table<std::uint64_t>("/deep/in/groups", columns, "mV");
  std::size_t row = 0;
  for (const std::size_t n_rows : {1, 0, 5000, 3, 7000}) {
    append_counting(file, table, row, n_rows, columns, my_columns(comm, columns));
    row += n_rows;
    EXPECT_EQ(file.rows(table), row);
  }
  file.close();
  if (comm.rank() != 0) return;
  EXPECT_THAT(read_shape(scratch.path(), "/deep/in/groups"), ElementsAre(row, columns));
  EXPECT_EQ(read_values<std::uint64_t>(scratch.path(), "/deep/in/groups"),
            counting<std::uint64_t>(row * columns));
  EXPECT_THAT(read_strings(scratch.path(), "/deep/in/groups", "units"), ElementsAre("mV"));
}

DISTRIBUTED_TEST(Hdf5File, KeepsRowsLongerThanAChunk, RANKS(1, 2, 3, 4)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  constexpr std::size_t columns = 50001;
  const Table table = file.create_table<std::uint64_t>("/wide", columns, "");
  append_counting(file, table, 0, 2, columns, my_columns(comm, columns));
  append_counting(file, table, 2, 1, columns, my_columns(comm, columns));
  file.close();
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_values<std::uint64_t>(scratch.path(), "/wide"),
            counting<std::uint64_t>(3 * columns));
}

DISTRIBUTED_TEST(Hdf5File, CountsRowsOfNoColumns, RANKS(1, 2, 3)) {
  const ScratchFile scratch(comm);
  {
    Hdf5File file = Hdf5File::create(scratch.path(), comm);
    const Table table = file.create_table<double>("/nothing", 0, "pA");
    for (const std::size_t n_rows : {5, 4}) {
      file.append_columns<double>(table, n_rows, 0, 0, std::span<const double>{});
    }
  }
  Hdf5File file = Hdf5File::open_for_append(scratch.path(), comm);
  const Table table = file.open_table<double>("/nothing");
  EXPECT_EQ(file.rows(table), 9U);
  EXPECT_EQ(file.columns(table), 0U);
  file.truncate(table, 5);
  file.append_columns<double>(table, 2, 0, 0, std::span<const double>{});
  file.close();
  if (comm.rank() != 0) return;
  EXPECT_THAT(read_shape(scratch.path(), "/nothing"), ElementsAre(7, 0));
  EXPECT_THAT(read_strings(scratch.path(), "/nothing", "units"), ElementsAre("pA"));
}

DISTRIBUTED_TEST(Hdf5File, KeepsNumbersOfSinglePrecision, RANKS(1, 2)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  const Table list = file.create_list<float>("/list", "");
  EXPECT_EQ(file.type(list), NumberType::float32);
  const std::vector<float> values{0.1F, -3.0e38F};
  file.append_in_rank_order<float>(list, comm.rank() == 0 ? values : std::vector<float>{});
  file.close();
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_values<float>(scratch.path(), "/list"), values);
}

DISTRIBUTED_TEST(Hdf5File, TakesColumnsOfOneRankAlone, RANKS(1, 2, 3, 4)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  constexpr std::size_t columns = 3;
  const Table table = file.create_table<std::uint64_t>("/table", columns, "");
  const bool has_all = comm.rank() == comm.size() - 1;
  append_counting(file, table, 0, 10, columns, {0, has_all ? columns : 0});
  file.close();
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_values<std::uint64_t>(scratch.path(), "/table"),
            counting<std::uint64_t>(10 * columns));
}

DISTRIBUTED_TEST(Hdf5File, ConcatenatesWhatRanksAppendInTheirOrder, RANKS(1, 2, 3, 4)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  const Table table = file.create_list<double>("/list", "ms");
  std::vector<double> expected;
  for (std::size_t append = 0; append < 4; ++append) {
    // Append 2 is empty on all ranks; others are empty on some.
    const std::size_t n = append == 2 ? 0 : 4 * (append + 1) - 1;
    const MyColumns mine = my_columns(comm, n);
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i)
      expected.push_back(static_cast<double>(100 * append + i) + 0.5);
    values.assign(expected.end() - static_cast<std::ptrdiff_t>(n - mine.first),
                  expected.end() - static_cast<std::ptrdiff_t>(n - mine.first - mine.count));
    file.append_in_rank_order<double>(table, values);
  }
  EXPECT_EQ(file.rows(table), expected.size());
  file.close();
  if (comm.rank() != 0) return;
  EXPECT_THAT(read_shape(scratch.path(), "/list"), ElementsAre(expected.size()));
  EXPECT_EQ(read_values<double>(scratch.path(), "/list"), expected);
}

DISTRIBUTED_TEST(Hdf5File, KeepsAnEmptyTable, RANKS(1, 3)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  const Table table = file.create_list<std::uint32_t>("/none", "");
  file.append_in_rank_order<std::uint32_t>(table, {});
  file.close();
  if (comm.rank() != 0) return;
  EXPECT_THAT(read_shape(scratch.path(), "/none"), ElementsAre(0));
}

DISTRIBUTED_TEST(Hdf5File, WritesTheDatasetOfRankZero, RANKS(1, 2, 4)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  const std::vector<std::int64_t> values{-1, 2, -3, 4, -5, 6};
  const std::vector<double> nothing;
  const std::int64_t other = std::int64_t{100} * comm.rank();
  std::vector<std::int64_t> mine = values;
  for (std::int64_t& value : mine) value += other;
  file.write_dataset<std::int64_t>("/flat", mine, 0, "");
  file.write_dataset<std::int64_t>("/group/matrix", mine, 3, "pA");
  file.write_dataset<double>("/nothing", nothing, 0, "");
  mine.front() = 7 + other;
  file.rewrite_dataset<std::int64_t>("/flat", mine, 0);
  file.close();
  if (comm.rank() != 0) return;
  EXPECT_THAT(read_values<std::int64_t>(scratch.path(), "/flat"), ElementsAre(7, 2, -3, 4, -5, 6));
  EXPECT_EQ(read_values<std::int64_t>(scratch.path(), "/group/matrix"), values);
  EXPECT_THAT(read_shape(scratch.path(), "/group/matrix"), ElementsAre(2, 3));
  EXPECT_THAT(read_strings(scratch.path(), "/group/matrix", "units"), ElementsAre("pA"));
  EXPECT_THAT(read_shape(scratch.path(), "/nothing"), ElementsAre(0));
}

DISTRIBUTED_TEST(Hdf5File, KeepsAttributesOfEveryKind, RANKS(1, 2, 4)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  (void)file.create_list<double>("/data", "");
  file.write_attribute("/", "seed", std::int64_t{-5});
  file.write_attribute("/", "magic", std::uint32_t{0x0A7A});
  file.write_attribute("/", "version", std::vector<std::uint32_t>{0, 1});
  file.write_attribute("/new/group", "step", 0.1);
  file.write_attribute("/new/group", "sorted", true);
  file.write_attribute("/new/group", "label", "\xc2\xb5V");
  file.write_attribute("/new/group", "label", "replaced \xc2\xb5V");
  file.write_attribute("/data", "variables", std::vector<std::string>{"V_m", "", "I_syn"});
  file.write_attribute("/data", "order", EnumValue{{{"up", 0}, {"down", 3}}, 3});
  file.close();
  if (comm.rank() != 0) return;
  EXPECT_THAT(read_attribute<std::int64_t>(scratch.path(), "/", "seed"), ElementsAre(-5));
  EXPECT_THAT(read_attribute<std::uint32_t>(scratch.path(), "/", "magic"), ElementsAre(0x0A7A));
  EXPECT_THAT(read_attribute<std::uint32_t>(scratch.path(), "/", "version"), ElementsAre(0, 1));
  EXPECT_THAT(read_attribute<double>(scratch.path(), "/new/group", "step"), ElementsAre(0.1));
  EXPECT_THAT(read_attribute<std::int8_t>(scratch.path(), "/new/group", "sorted"), ElementsAre(1));
  EXPECT_THAT(read_strings(scratch.path(), "/new/group", "label"),
              ElementsAre("replaced \xc2\xb5V"));
  EXPECT_THAT(read_strings(scratch.path(), "/data", "variables"), ElementsAre("V_m", "", "I_syn"));
}

DISTRIBUTED_TEST(Hdf5File, GoesOnFromACheckpointWhenReopened, RANKS(1, 2, 3, 4)) {
  const ScratchFile scratch(comm);
  constexpr std::size_t columns = 5;
  const MyColumns mine = my_columns(comm, columns);
  {
    Hdf5File file = Hdf5File::create(scratch.path(), comm);
    const Table table = file.create_table<std::uint64_t>("/table", columns, "");
    const Table list = file.create_list<std::uint64_t>("/list", "");
    append_counting(file, table, 0, 6000, columns, mine);
    append_counting(file, table, 77, 3000, columns, mine);  // to be dropped
    file.append_in_rank_order<std::uint64_t>(
        list, comm.rank() == 0 ? counting<std::uint64_t>(40) : std::vector<std::uint64_t>{});
  }
  Hdf5File file = Hdf5File::open_for_append(scratch.path(), comm);
  const Table table = file.open_table<std::uint64_t>("/table");
  const Table list = file.open_table<std::uint64_t>("/list");
  EXPECT_EQ(file.rows(table), 9000U);
  EXPECT_EQ(file.columns(table), columns);
  EXPECT_EQ(file.rows(list), 40U);
  EXPECT_EQ(file.columns(list), 1U);
  file.truncate(table, 6000);
  file.truncate(list, 0);
  append_counting(file, table, 6000, 1000, columns, mine);
  const bool is_last = comm.rank() == comm.size() - 1;
  file.append_in_rank_order<std::uint64_t>(
      list, is_last ? counting<std::uint64_t>(3) : std::vector<std::uint64_t>{});
  file.close();
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_values<std::uint64_t>(scratch.path(), "/table"),
            counting<std::uint64_t>(7000 * columns));
  EXPECT_EQ(read_values<std::uint64_t>(scratch.path(), "/list"), counting<std::uint64_t>(3));
}

DISTRIBUTED_TEST(Hdf5File, ReplacesDatasetsWhenReopened, RANKS(1, 2, 3)) {
  const ScratchFile scratch(comm);
  {
    Hdf5File file = Hdf5File::create(scratch.path(), comm);
    const Table table = file.create_table<std::uint64_t>("/a/table", 2, "");
    append_counting(file, table, 0, 10, 2, my_columns(comm, 2));
    file.write_dataset<std::uint64_t>("/a/list", counting<std::uint64_t>(7), 0, "");
  }
  Hdf5File file = Hdf5File::open_for_append(scratch.path(), comm);
  const Table table = file.create_table<std::uint64_t>("/a/table", 3, "");
  append_counting(file, table, 0, 4, 3, my_columns(comm, 3));
  file.write_dataset<std::uint64_t>("/a/list", counting<std::uint64_t>(5), 0, "");
  const std::vector<std::pair<std::string, std::uint64_t>> tables{{"/a/table", 4}};
  EXPECT_EQ(file.tables(), tables);
  file.close();
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_values<std::uint64_t>(scratch.path(), "/a/table"), counting<std::uint64_t>(12));
  EXPECT_EQ(read_values<std::uint64_t>(scratch.path(), "/a/list"), counting<std::uint64_t>(5));
}

DISTRIBUTED_TEST(Hdf5File, IsReadableOnceFlushed, RANKS(1, 3)) {
  const ScratchFile scratch(comm);
  const ScratchFile copy(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  const Table table = file.create_table<std::uint64_t>("/table", 2, "");
  append_counting(file, table, 0, 10, 2, my_columns(comm, 2));
  file.flush();
  if (comm.rank() == 0) {
    std::filesystem::copy_file(scratch.path(), copy.path());
    EXPECT_EQ(read_values<std::uint64_t>(copy.path(), "/table"), counting<std::uint64_t>(20));
  }
  file.close();
}

DISTRIBUTED_TEST(Hdf5File, MovesWithItsTables, RANKS(1, 2)) {
  const ScratchFile scratch(comm);
  Hdf5File first = Hdf5File::create(scratch.path(), comm);
  const Table table = first.create_table<std::uint64_t>("/table", 2, "");
  Hdf5File second = std::move(first);
  append_counting(second, table, 0, 3, 2, my_columns(comm, 2));
  second.close();
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_values<std::uint64_t>(scratch.path(), "/table"), counting<std::uint64_t>(6));
}

// Beyond the rows for which the one rank has made room.
DISTRIBUTED_TEST(Hdf5File, OfOneRankGoesOnOnSeveral, RANKS(2, 3)) {
  const ScratchFile scratch(comm);
  if (comm.rank() == 0) {
    const auto alone = comm::make_serial();
    Hdf5File file = Hdf5File::create(scratch.path(), *alone);
    (void)file.create_list<double>("/empty", "ms", 512);
    file.append_in_rank_order<double>(file.create_list<double>("/list", "ms", 512),
                                      counting<double>(60));
    file.close();
  }
  comm.barrier();
  Hdf5File file = Hdf5File::open_for_append(scratch.path(), comm);
  for (const std::string path : {"/empty", "/list"}) {
    const Table table = file.open_table<double>(path);
    const auto more = counting<double>(200);
    file.append_in_rank_order<double>(table, comm.rank() == 0 ? more : std::vector<double>{});
    file.flush();
    file.append_in_rank_order<double>(table, std::vector<double>{static_cast<double>(comm.rank())});
  }
  file.close();
  if (comm.rank() != 0) return;
  auto expected = counting<double>(200);
  for (int r = 0; r < comm.size(); ++r) expected.push_back(r);
  EXPECT_EQ(read_values<double>(scratch.path(), "/empty"), expected);
  const auto first = counting<double>(60);
  expected.insert(expected.begin(), first.begin(), first.end());
  EXPECT_EQ(read_values<double>(scratch.path(), "/list"), expected);
}

}  // namespace eprop::recording
