#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "distributed_test.hpp"
#include "eprop/comm/launch.hpp"
#include "eprop/errors.hpp"
#include "read_hdf5.hpp"
#include "recording/hdf5_file.hpp"
#include "recording/left_file.hpp"
#include "scratch_file.hpp"
#include "sequences.hpp"

/// Output files with bits that a disk has changed, or without their end.
namespace eprop::recording {
namespace {

using testing::counting;
using testing::read_values;
using testing::ScratchFile;

void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What the files hold that the tests damage.
struct Contents {
  std::vector<double> list;
  std::vector<float> table;
  std::vector<std::int64_t> numbers;

  explicit Contents(const std::string& path)
      : list(read_values<double>(path, "/spikes/in/timestamps")),
        table(read_values<float>(path, "/report/out/data")),
        numbers(read_values<std::int64_t>(path, "/task/numbers")) {}
  bool operator==(const Contents&) const = default;
};

/// A file with all that output files are made of, written in several flushes.
std::string whole_file(const std::string& path, comm::Communicator& comm) {
  auto file = Hdf5File::create(path, comm, true);
  file.write_attribute("/task", "training", 7.0);
  file.write_attribute("/task", "name", std::string("waves"));
  file.write_dataset<std::int64_t>("/task/numbers", counting<std::int64_t>(30), 0, "ms");
  const Table list = file.create_list<double>("/spikes/in/timestamps", "ms", 512);
  const Table table = file.create_table<float>("/report/out/data", 20000, "mV");
  for (int flush = 0; flush < 3; ++flush) {
    file.append_in_rank_order<double>(list, counting<double>(50));
    file.flush();
  }
  file.append_columns<float>(table, 1, 0, 20000, counting<float>(20000));
  file.close();
  return bytes_of(path);
}

/// As a job does that has come back to its checkpoint.
void go_on(const std::string& path, comm::Communicator& comm) {
  auto file = Hdf5File::open_for_append(path, comm);
  const Table list = file.open_table<double>("/spikes/in/timestamps");
  file.truncate(list, 100);
  file.append_in_rank_order<double>(list, counting<double>(70));
  file.write_dataset<std::int64_t>("/task/numbers", counting<std::int64_t>(40), 0, "ms");
  file.write_attribute("/task", "finished", 1.0);
  file.close();
}

/// Whether the file is refused; if not, it must hold `expected` and take what is written on.
bool is_refused(const std::string& path, const Contents& expected, comm::Communicator& comm,
                bool goes_on) {
  try {
    (void)number_in_left_file(path, "/task", "training");
    verify_left_file(path);
  } catch (const OutputError&) {
    EXPECT_THROW((void)Hdf5File::open_for_append(path, comm), OutputError);
    return true;
  }
  EXPECT_EQ(Contents(path), expected);
  if (goes_on) {
    go_on(path, comm);
    EXPECT_NO_THROW(verify_left_file(path));
  }
  return false;
}

}  // namespace

DISTRIBUTED_TEST(DamagedOutput, WithOneBitChangedIsRefusedOrHoldsTheSame, RANKS(1)) {
  const ScratchFile scratch(comm);
  const auto whole = whole_file(scratch.path(), comm);
  const Contents expected(scratch.path());
  std::size_t refused = 0, cases = 0;
  const auto change = [&](std::size_t at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at * 5 % 8)));
    write_bytes(scratch.path(), damaged);
    SCOPED_TRACE(at);
    refused += is_refused(scratch.path(), expected, comm, ++cases % 20 == 0) ? 1 : 0;
  };
  const bool all = std::getenv("EPROP_ALL_FLIPS") != nullptr;
  for (std::size_t at = 0; at < whole.size(); at += all ? 1 : at < 8000 ? 7 : 101) change(at);
  ::testing::Test::RecordProperty("cases", std::to_string(cases));
  EXPECT_GT(refused, cases / 2) << "of " << cases;
}

DISTRIBUTED_TEST(DamagedOutput, CutShortIsRefused, RANKS(1)) {
  const ScratchFile scratch(comm);
  const auto whole = whole_file(scratch.path(), comm);
  for (std::size_t size = 0; size < whole.size(); size += whole.size() / 97) {
    write_bytes(scratch.path(), whole.substr(0, size));
    EXPECT_THROW((void)Hdf5File::open_for_append(scratch.path(), comm), OutputError) << size;
  }
}

DISTRIBUTED_TEST(DamagedOutput, NamesTheDataset, RANKS(1, 2)) {
  const ScratchFile scratch(comm);
  {
    auto file = Hdf5File::create(scratch.path(), comm, true);
    const Table table = file.create_table<double>("/a/table", 2, "mV");
    const auto first = static_cast<std::size_t>(comm.rank());
    const std::size_t own = comm.size() == 1 ? 2 : 1;
    file.append_columns<double>(table, 2, first, own, counting<double>(2 * own));
    file.close();
  }
  comm.barrier();
  if (comm.rank() == 0) {
    auto bytes = bytes_of(scratch.path());
    const double one = 1.0;
    const auto at = bytes.find(std::string(reinterpret_cast<const char*>(&one), sizeof(one)));
    ASSERT_NE(at, std::string::npos);
    bytes[at + 3] = 1;
    write_bytes(scratch.path(), bytes);
  }
  comm.barrier();
  try {
    (void)Hdf5File::open_for_append(scratch.path(), comm);
    FAIL() << "it has been opened";
  } catch (const eprop::DamagedOutput& error) {
    EXPECT_NE(
        std::string(error.what()).find("'/a/table': it is damaged: the checksum of its values is"),
        std::string::npos)
        << error.what();
  }
}

}  // namespace eprop::recording
