#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <numeric>
#include <stdexcept>

#include "distributed_test.hpp"
#include "eprop/errors.hpp"
#include "message_of.hpp"
#include "read_hdf5.hpp"
#include "recording/hdf5_file.hpp"
#include "scratch_file.hpp"
#include "sequences.hpp"

/// What an output file holds at any moment, and who may write it.
namespace eprop::recording {
namespace {

using ::testing::AllOf;
using testing::counting;
using ::testing::HasSubstr;
using testing::message_of;
using testing::read_values;
using testing::ScratchFile;

/// `n` values from `first` on, of which each rank has a part.
void append_counting(Hdf5File& file, Table table, std::size_t first, std::size_t n,
                     const comm::Communicator& comm) {
  const auto size = static_cast<std::size_t>(comm.size());
  const auto rank = static_cast<std::size_t>(comm.rank());
  const std::size_t begin = n * rank / size;
  std::vector<double> mine(n * (rank + 1) / size - begin);
  std::iota(mine.begin(), mine.end(), static_cast<double>(first + begin));
  file.append_in_rank_order<double>(table, mine);
}

/// As if by another job.
void file_is_taken_over(const std::string& path, comm::Communicator& comm) {
  comm.barrier();
  if (comm.rank() == 0) std::ofstream(path + ".lock") << "pid = 7\nhost = another\n";
  comm.barrier();
}

/// By this process, since it started.
std::uint64_t bytes_written() {
  std::ifstream file("/proc/self/io");
  for (std::string name; file >> name;) {
    std::uint64_t value = 0;
    file >> value;
    if (name == "wchar:") return value;
  }
  return 0;
}

void write_text(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

}  // namespace

// The metadata of so many tables would be written long before, if HDF5 had its way.
DISTRIBUTED_TEST(Hdf5Safety, FileIsAsOfTheLastFlushWhateverHappensAfterIt, RANKS(1, 2, 3)) {
  const ScratchFile scratch(comm), copy(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  const auto expect_rows = [&](std::size_t rows, std::size_t tables) {
    comm.barrier();
    if (comm.rank() == 0) {
      std::filesystem::copy_file(scratch.path(), copy.path(),
                                 std::filesystem::copy_options::overwrite_existing);
      for (std::size_t i = 0; i < tables; i += 50) {
        const auto path = "/table/" + std::to_string(i);
        EXPECT_EQ(read_values<double>(copy.path(), path), counting<double>(rows)) << path;
      }
      const hid_t whole = H5Fopen(copy.path().c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
      EXPECT_GE(whole, 0) << tables << " tables of " << rows << " rows";
      H5Fclose(whole);
    }
    comm.barrier();
  };
  expect_rows(0, 0);
  const int n_tables = comm.size() == 1 ? 1500 : 200;  // several ranks keep less metadata
  std::vector<Table> tables;
  for (int i = 0; i < n_tables; ++i) {
    const auto path = "/table/" + std::to_string(i);
    tables.push_back(file.create_list<double>(path, "mV", 64));
    append_counting(file, tables.back(), 0, 100, comm);
  }
  expect_rows(0, 0);
  file.flush();
  expect_rows(100, tables.size());
  for (std::size_t i = 0; i < tables.size(); ++i) {
    append_counting(file, tables[i], 100, 300, comm);
  }
  expect_rows(100, tables.size());
  file.close();
  expect_rows(400, tables.size());
}

DISTRIBUTED_TEST(Hdf5Safety, AFlushWritesWhatIsNewAndNotTheWholeFile, RANKS(1)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  const Table table = file.create_list<double>("/list", "");
  constexpr std::size_t rows = 20000;
  const auto bytes_of_round = [&] {
    const auto before = bytes_written();
    append_counting(file, table, file.rows(table), rows, comm);
    file.flush();
    return bytes_written() - before;
  };
  for (int round = 0; round < 3; ++round) (void)bytes_of_round();
  const auto early = bytes_of_round();
  EXPECT_GE(early, 2 * rows * sizeof(double)) << "to both copies";
  for (int round = 0; round < 60; ++round) (void)bytes_of_round();
  EXPECT_LT(bytes_of_round(), 2 * early) << "of a file that is 60 times as long";
}

DISTRIBUTED_TEST(Hdf5Safety, AReaderKeepsTheFileAsItWasOpened, RANKS(1, 2, 3)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  const Table table = file.create_list<double>("/list", "", 512);
  const auto add_rows = [&] {
    append_counting(file, table, file.rows(table), 1000, comm);
    file.flush();
  };
  add_rows();
  hid_t reader = H5I_INVALID_HID;
  if (comm.rank() == 0) reader = H5Fopen(scratch.path().c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  comm.barrier();
  for (int round = 0; round < 4; ++round) add_rows();
  if (comm.rank() == 0) {
    std::vector<double> values(1000);
    const hid_t list = H5Dopen2(reader, "/list", H5P_DEFAULT);
    EXPECT_GE(H5Dread(list, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
    EXPECT_EQ(values, counting<double>(1000));
    H5Dclose(list);
    H5Fclose(reader);
    EXPECT_EQ(read_values<double>(scratch.path(), "/list"), counting<double>(5000));
  }
  comm.barrier();
}

// The first new chunk fills a hole of its size, the others one that lies before it in the file.
DISTRIBUTED_TEST(Hdf5Safety, RowsTakeThePlaceOfDroppedOnesInWhateverOrder, RANKS(1, 2, 3)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  constexpr std::size_t chunk_rows = 8;
  const auto table_of = [&](const std::string& path, std::size_t chunks) {
    const auto table = file.create_list<double>(path, "", chunk_rows * sizeof(double));
    append_counting(file, table, 0, chunks * chunk_rows, comm);
    return table;
  };
  const auto large_hole = table_of("/large", 20);
  (void)table_of("/between", 1);
  const auto small_hole = table_of("/small", 1);
  (void)table_of("/after", 1);
  const auto table = table_of("/table", 0);
  file.truncate(large_hole, 0);
  file.truncate(small_hole, 0);
  append_counting(file, table, 0, 30 * chunk_rows, comm);
  file.close();
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_values<double>(scratch.path(), "/table"), counting<double>(30 * chunk_rows));
  EXPECT_EQ(read_values<double>(scratch.path(), "/between"), counting<double>(chunk_rows));
  EXPECT_EQ(read_values<double>(scratch.path(), "/after"), counting<double>(chunk_rows));
}

DISTRIBUTED_TEST(Hdf5Safety, ADatasetTakesThePlaceOfTheOneItReplaces, RANKS(1, 2, 3)) {
  const ScratchFile scratch(comm);
  const auto write = [&](Hdf5File file, std::size_t rows) {
    const auto table = file.create_list<double>("/list", "", 8192);
    const auto other = file.create_list<double>("/other", "", 8192);
    const auto mine = comm.rank() == 0 ? counting<double>(rows) : std::vector<double>{};
    for (std::size_t i = 0; i < 3; ++i) file.append_in_rank_order<double>(other, mine);
    file.append_in_rank_order<double>(table, mine);
    file.close();
  };
  write(Hdf5File::create(scratch.path(), comm), 3200);
  write(Hdf5File::open_for_append(scratch.path(), comm), 3210);
  if (comm.rank() == 0) {
    EXPECT_EQ(read_values<double>(scratch.path(), "/list"), counting<double>(3210));
  }
}

DISTRIBUTED_TEST(Hdf5Safety, AFileIsNotReplacedUnlessAsked, RANKS(1, 2)) {
  const ScratchFile scratch(comm);
  if (comm.rank() == 0) write_text(scratch.path(), "precious");
  comm.barrier();
  EXPECT_THAT(
      message_of<OutputError>([&] { (void)Hdf5File::create(scratch.path(), comm); }),
      AllOf(HasSubstr("output file '" + scratch.path() + "'"), HasSubstr("exists already")));
  if (comm.rank() == 0) {
    EXPECT_EQ(std::filesystem::file_size(scratch.path()), 8U);
    EXPECT_FALSE(std::filesystem::exists(scratch.path() + ".lock"));
  }
  comm.barrier();
  Hdf5File::create(scratch.path(), comm, true).close();
  if (comm.rank() == 0) {
    EXPECT_EQ(H5Fis_hdf5(scratch.path().c_str()), 1);
  }
}

DISTRIBUTED_TEST(Hdf5Safety, AReplacedFileStaysAsItIsForThoseWhoHaveItOpen, RANKS(1, 2)) {
  const ScratchFile scratch(comm);
  if (comm.rank() == 0) write_text(scratch.path(), "precious");
  std::ifstream open_before(scratch.path());
  comm.barrier();
  Hdf5File::create(scratch.path(), comm, true).close();
  std::string text;
  if (comm.rank() == 0) {
    open_before >> text;
    EXPECT_EQ(text, "precious");
  }
}

DISTRIBUTED_TEST(Hdf5Safety, AFileHasOneWriter, RANKS(1, 2, 3)) {
  const ScratchFile scratch(comm);
  const auto message =
      AllOf(HasSubstr("output file '" + scratch.path() + "': is being written by "),
            HasSubstr("says '" + scratch.path() + ".lock'"));
  Hdf5File first = Hdf5File::create(scratch.path(), comm);
  EXPECT_THAT(message_of<OutputError>([&] { (void)Hdf5File::create(scratch.path(), comm); }),
              message);
  EXPECT_THAT(
      message_of<OutputError>([&] { (void)Hdf5File::open_for_append(scratch.path(), comm); }),
      message);
  first.close();
  { Hdf5File moved = std::move(first); }
  Hdf5File::open_for_append(scratch.path(), comm).close();
}

// HDF5 locks a file by flock(), shared to read and exclusive to write.
DISTRIBUTED_TEST(Hdf5Safety, OthersMayOpenTheFileToReadButNotToWrite, RANKS(1, 2)) {
  const ScratchFile scratch(comm);
  const auto lock = [&](int how) {
    const int file = ::open(scratch.path().c_str(), O_RDWR | O_CLOEXEC);
    const bool granted = ::flock(file, how | LOCK_NB) == 0;
    return std::pair(file, granted);
  };
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  if (comm.rank() == 0) {
    for (const auto& [how, expected] : {std::pair{LOCK_SH, true}, std::pair{LOCK_EX, false}}) {
      const auto [descriptor, granted] = lock(how);
      EXPECT_EQ(granted, expected) << how;
      ::close(descriptor);
    }
  }
  comm.barrier();
  file.close();
  const auto [writer, granted] = comm.rank() == 0 ? lock(LOCK_EX) : std::pair(-1, true);
  EXPECT_TRUE(granted);
  comm.barrier();
  EXPECT_THAT(
      message_of<OutputError>([&] { (void)Hdf5File::open_for_append(scratch.path(), comm); }),
      HasSubstr("another program, perhaps a notebook, has it open for writing"));
  if (writer >= 0) ::close(writer);
}

DISTRIBUTED_TEST(Hdf5Safety, ADamagedFileIsToldFromOneThatMayNotBeWritten, RANKS(1, 2)) {
  const ScratchFile scratch(comm);
  const auto damage = [&] {
    return message_of<DamagedOutput>(
        [&] { (void)Hdf5File::open_for_append(scratch.path(), comm); });
  };
  Hdf5File::create(scratch.path(), comm).close();
  if (comm.rank() == 0) std::filesystem::resize_file(scratch.path(), 100);
  comm.barrier();
  EXPECT_THAT(damage(), HasSubstr("cannot open it"));
  if (comm.rank() == 0) write_text(scratch.path(), "precious");
  comm.barrier();
  EXPECT_THAT(message_of<OutputError>([&] { (void)damage(); }), HasSubstr("is no HDF5 file"));
  Hdf5File writer = Hdf5File::create(scratch.path(), comm, true);
  EXPECT_THROW((void)damage(), OutputError);  // of another kind
}

DISTRIBUTED_TEST(Hdf5Safety, AFileHasOneWriterByWhicheverName, RANKS(1, 2)) {
  const ScratchFile scratch(comm), link(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  if (comm.rank() == 0) std::filesystem::create_symlink(scratch.path(), link.path());
  comm.barrier();
  EXPECT_THAT(message_of<OutputError>([&] { (void)Hdf5File::open_for_append(link.path(), comm); }),
              HasSubstr("is being written by"));
}

DISTRIBUTED_TEST(Hdf5Safety, AFileThatWasTakenOverIsNoticed, RANKS(1, 2)) {
  const ScratchFile scratch(comm);
  Hdf5File first = Hdf5File::create(scratch.path(), comm);
  file_is_taken_over(scratch.path(), comm);
  EXPECT_THAT(message_of<OutputError>([&] { first.flush(); }),
              HasSubstr("has been taken over by process 7 on"));
  EXPECT_THAT(message_of<OutputError>([&] { first.close(); }), HasSubstr("taken over"));
  if (comm.rank() == 0) std::filesystem::remove(scratch.path() + ".lock");
}

// Its handle must not write over what has been written since.
DISTRIBUTED_TEST(Hdf5Safety, AFileThatAnExceptionHasLeftOpenIsClosedBeforeItIsOpenedAgain,
                 RANKS(1, 2, 3)) {
  const ScratchFile scratch(comm);
  try {
    Hdf5File file = Hdf5File::create(scratch.path(), comm);
    append_counting(file, file.create_list<double>("/list", ""), 0, 10, comm);
    throw std::runtime_error("on all ranks");
  } catch (const std::runtime_error&) {
  }
  Hdf5File again = Hdf5File::open_for_append(scratch.path(), comm);
  append_counting(again, again.open_table<double>("/list"), 10, 5000, comm);
  again.close();
  if (comm.rank() == 0) {
    EXPECT_EQ(read_values<double>(scratch.path(), "/list"), counting<double>(5010));
  }
}

DISTRIBUTED_TEST(Hdf5Safety, RowsThatAreMissingAreNamed, RANKS(1, 2)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  append_counting(file, file.create_list<double>("/a/b", ""), 0, 5, comm);
  file.require_rows("/a/b", 5);
  EXPECT_THAT(message_of<OutputError>([&] { file.require_rows("/a/b", 6); }),
              HasSubstr("dataset '/a/b': it has 5 rows, not 6"));
  EXPECT_THAT(message_of<OutputError>([&] { file.require_rows("/a/c", 0); }),
              HasSubstr("it is not there"));
  file.close();
}

}  // namespace eprop::recording
