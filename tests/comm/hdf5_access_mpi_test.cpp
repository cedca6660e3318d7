#include <numeric>
#include <string>
#include <vector>

#include "comm/hdf5_access.hpp"
#include "distributed_test.hpp"
#include "scratch_file.hpp"

namespace {

/// Each rank writes its rank at its place of one data set, all to the same file.
void write_ranks(eprop::comm::Communicator& comm, const std::string& path) {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  ASSERT_TRUE(eprop::comm::share_file_between_ranks(comm, path, access));
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
  ASSERT_GE(file, 0);
  const hsize_t n = static_cast<hsize_t>(comm.size());
  const hsize_t start = static_cast<hsize_t>(comm.rank());
  const hsize_t one = 1;
  const hid_t space = H5Screate_simple(1, &n, nullptr);
  const hid_t set =
      H5Dcreate2(file, "ranks", H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  const hid_t memory = H5Screate_simple(1, &one, nullptr);
  H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, nullptr, &one, nullptr);
  const int value = comm.rank();
  EXPECT_GE(H5Dwrite(set, H5T_NATIVE_INT, memory, space, H5P_DEFAULT, &value), 0);
  H5Sclose(memory);
  H5Dclose(set);
  H5Sclose(space);
  EXPECT_GE(H5Fclose(file), 0);
  H5Pclose(access);
}

std::vector<int> read_ranks(const std::string& path, int n_ranks) {
  std::vector<int> values(static_cast<std::size_t>(n_ranks), -1);
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const hid_t set = H5Dopen2(file, "ranks", H5P_DEFAULT);
  EXPECT_GE(H5Dread(set, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
  H5Dclose(set);
  H5Fclose(file);
  return values;
}

DISTRIBUTED_TEST(Hdf5Access, RanksOfAnMpiJobWriteOneFileTogether, RANKS(1, 2, 3, 4)) {
  const eprop::testing::ScratchFile scratch(comm);
  const std::string& path = scratch.path();

  write_ranks(comm, path);
  std::vector<int> expected(static_cast<std::size_t>(comm.size()));
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(read_ranks(path, comm.size()), expected);
  comm.barrier();  // rank 0 removes the file
}

}  // namespace
