#include "recording/left_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "distributed_test.hpp"
#include "eprop/comm/launch.hpp"
#include "eprop/errors.hpp"
#include "recording/hdf5_file.hpp"
#include "scratch_file.hpp"

namespace eprop::recording {
namespace {

/// A file with the attribute "name" of /task.
void write_task(const std::string& path, const AttributeValue& name) {
  const auto comm = comm::make_serial();
  auto file = Hdf5File::create(path, *comm, true);
  file.write_attribute("/task", "name", name);
  file.close();
}

}  // namespace

DISTRIBUTED_TEST(LeftFile, HasItsNumbers, RANKS(1)) {
  const testing::ScratchFile file(comm);
  write_task(file.path(), 2.5);
  EXPECT_EQ(number_in_left_file(file.path(), "/task", "name"), 2.5);
  EXPECT_EQ(number_in_left_file(file.path(), "/task", "other"), std::nullopt);
  EXPECT_EQ(number_in_left_file(file.path(), "/nothing", "name"), std::nullopt);
  write_task(file.path(), std::string("waves"));
  EXPECT_EQ(number_in_left_file(file.path(), "/task", "name"), std::nullopt);
}

DISTRIBUTED_TEST(LeftFile, IsDamagedIfItWasBrokenOff, RANKS(1)) {
  const testing::ScratchFile file(comm);
  write_task(file.path(), 2.5);
  std::filesystem::resize_file(file.path(), std::filesystem::file_size(file.path()) / 2);
  EXPECT_THROW((void)number_in_left_file(file.path(), "/task", "name"), DamagedOutput);
  std::filesystem::resize_file(file.path(), 0);
  EXPECT_THROW((void)number_in_left_file(file.path(), "/task", "name"), DamagedOutput);
  {
    const auto alone = comm::make_serial();
    Hdf5File::create(file.path(), *alone, true).close();
  }
  EXPECT_THROW((void)number_in_left_file(file.path(), "/task", "name"), DamagedOutput);
}

DISTRIBUTED_TEST(LeftFile, OfAnotherKindIsNotTakenForADamagedOne, RANKS(1)) {
  const testing::ScratchFile file(comm);
  std::ofstream(file.path()) << "notes";
  try {
    (void)number_in_left_file(file.path(), "/task", "name");
    FAIL() << "it has been read";
  } catch (const DamagedOutput& error) {
    FAIL() << error.what();
  } catch (const OutputError& error) {
    EXPECT_NE(std::string(error.what()).find("is no HDF5 file"), std::string::npos);
  }
}

}  // namespace eprop::recording
