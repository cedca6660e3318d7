#include "comm/hdf5_access.hpp"

#include <gtest/gtest.h>

#include "eprop/comm/launch.hpp"

namespace {

TEST(Hdf5Access, RanksWithoutMpiDoNotShareAFile) {
  const auto serial = eprop::comm::make_serial();
  EXPECT_FALSE(eprop::comm::share_file_between_ranks(*serial, "a.h5", H5P_DEFAULT));
  eprop::comm::run_as_threads(2, [](eprop::comm::Communicator& comm) {
    EXPECT_FALSE(eprop::comm::share_file_between_ranks(comm, "a.h5", H5P_DEFAULT));
  });
}

}  // namespace
