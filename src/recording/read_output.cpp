#include <vector>

#include "eprop/recording.hpp"
#include "recording/hdf5_call.hpp"

namespace eprop {

std::vector<double> read_output(const std::string& file, const std::string& dataset) {
  using recording::Hdf5Handle;
  const recording::Hdf5Session session;
  const recording::Hdf5Check check(file, "read", dataset);
  const Hdf5Handle opened = check(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  if (!recording::link_exists(opened.id(), dataset, check)) check.fail("it is not there");
  const Hdf5Handle found = check(H5Dopen2(opened.id(), dataset.c_str(), H5P_DEFAULT), H5Dclose);
  const Hdf5Handle space = check(H5Dget_space(found.id()), H5Sclose);
  if (check(H5Sget_simple_extent_ndims(space.id())) != 1) check.fail("it is not 1-D");
  std::vector<double> values(
      static_cast<std::size_t>(check(H5Sget_simple_extent_npoints(space.id()))));
  check(H5Dread(found.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
  return values;
}

}  // namespace eprop
