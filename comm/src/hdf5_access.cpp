#include "comm/hdf5_access.hpp"

#include "comm/errors.hpp"
#include "mpi_communicator.hpp"

namespace eprop::comm {

bool share_file_between_ranks(const Communicator& comm, hid_t file_access) {
  const auto* mpi = dynamic_cast<const MpiCommunicator*>(&comm);
  if (mpi == nullptr) return false;
  if (H5Pset_fapl_mpio(file_access, mpi->mpi_comm(), MPI_INFO_NULL) < 0 ||
      H5Pset_all_coll_metadata_ops(file_access, true) < 0 ||
      H5Pset_coll_metadata_write(file_access, true) < 0) {
    throw CommError("HDF5 refuses parallel access on this file access property list");
  }
  return true;
}

}  // namespace eprop::comm
