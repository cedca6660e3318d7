#include "comm/hdf5_access.hpp"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "eprop/comm/errors.hpp"
#include "hdf5_left_open.hpp"
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

/// The driver's own variable in which it keeps the file: of type int, or MPI_File if it is shared.
template <class File>
File* file_of_driver(hid_t file) {
  void* handle = nullptr;
  return H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) < 0 ? nullptr : static_cast<File*>(handle);
}

/// A limit on the size of files, which may be what was met, holds for memory, too.
void lift_limit_on_file_size() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

std::vector<hid_t>& left_open() {
  static std::vector<hid_t> objects;
  return objects;
}

}  // namespace

void close_when_job_ends(std::span<const hid_t> objects) {
  left_open().insert(left_open().end(), objects.begin(), objects.end());
}

void close_what_is_left_open() {
  if (left_open().empty()) return;
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // what fails has been reported
  for (const hid_t object : std::exchange(left_open(), {})) H5Idec_ref(object);
}

void divert_writes_to_memory(hid_t file, bool shared) noexcept {
  const int memory = ::memfd_create("eprop_discarded_output", MFD_CLOEXEC);
  if (memory < 0) return;
  lift_limit_on_file_size();
  if (!shared) {
    if (const int* of_driver = file_of_driver<int>(file)) ::dup2(memory, *of_driver);
  } else if (auto* of_driver = file_of_driver<MPI_File>(file)) {
    const auto path = "/proc/self/fd/" + std::to_string(memory);
    MPI_File opened = MPI_FILE_NULL;
    // The old one stays open: to close it takes all ranks, and it may still fail.
    if (MPI_File_open(MPI_COMM_SELF, path.c_str(), MPI_MODE_RDWR, MPI_INFO_NULL, &opened) ==
        MPI_SUCCESS) {
      *of_driver = opened;
    }
  }
  ::close(memory);
}

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
