#include "comm/hdf5_access.hpp"

#include "comm/errors.hpp"
#include "mpi_communicator.hpp"

namespace eprop::comm {

namespace {

/// What the MPI-IO library is told about a file.
class IoHints {
 public:
  IoHints() {
    check_mpi(MPI_Info_create(&info_), "MPI_Info_create");
    // Where ranks write areas of their own, ROMIO lets each write alone and learn only of its own
    // errors; HDF5 then goes separate ways on the ranks and waits for ever. Collective buffering
    // tells all of them.
    check_mpi(MPI_Info_set(info_, "romio_cb_write", "enable"), "MPI_Info_set");
  }
  ~IoHints() { MPI_Info_free(&info_); }
  IoHints(const IoHints&) = delete;
  IoHints& operator=(const IoHints&) = delete;

  [[nodiscard]] MPI_Info get() const { return info_; }

 private:
  MPI_Info info_ = MPI_INFO_NULL;
};

}  // namespace

bool share_file_between_ranks(const Communicator& comm, const std::string& path,
                              hid_t file_access) {
  const auto* mpi = dynamic_cast<const MpiCommunicator*>(&comm);
  if (mpi == nullptr || path.find(':') != std::string::npos) return false;
  const IoHints hints;
  if (H5Pset_fapl_mpio(file_access, mpi->mpi_comm(), hints.get()) < 0 ||
      H5Pset_all_coll_metadata_ops(file_access, true) < 0 ||
      H5Pset_coll_metadata_write(file_access, true) < 0) {
    throw CommError("HDF5 refuses parallel access on this file access property list");
  }
  return true;
}

}  // namespace eprop::comm
