#include "comm/hdf5_access.hpp"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <optional>
#include <utility>
#include <vector>

#include "eprop/comm/errors.hpp"
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

/// Lets files grow as far as the process may allow it; a limit may be what was met, and holds for
/// memory, too.
class LargestFiles {
 public:
  LargestFiles() : known_(::getrlimit(RLIMIT_FSIZE, &before_) == 0) {
    if (!known_) return;
    const rlimit largest{before_.rlim_max, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &largest);
  }
  ~LargestFiles() {
    if (known_) ::setrlimit(RLIMIT_FSIZE, &before_);
  }
  LargestFiles(const LargestFiles&) = delete;
  LargestFiles& operator=(const LargestFiles&) = delete;

 private:
  rlimit before_{};
  bool known_;
};

/// Puts a file in memory in the place of the one that the driver has.
void divert_writes_to_memory(hid_t file, bool shared) {
  const int memory = ::memfd_create("eprop_discarded_output", MFD_CLOEXEC);
  if (memory < 0) return;
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

/// The ranks that share a file, which may be closed in the meantime.
class Sharers {
 public:
  explicit Sharers(const OpenHdf5File& file) {
    if (!file.shared) return;
    const hid_t access = H5Fget_access_plist(file.objects.back());
    if (access < 0 || H5Pget_fapl_mpio(access, &comm_, nullptr) < 0) comm_ = MPI_COMM_NULL;
    H5Pclose(access);
  }
  ~Sharers() {
    if (comm_ != MPI_COMM_NULL) MPI_Comm_free(&comm_);
  }
  Sharers(const Sharers&) = delete;
  Sharers& operator=(const Sharers&) = delete;

  void wait() const {
    if (comm_ != MPI_COMM_NULL) MPI_Barrier(comm_);
  }

 private:
  MPI_Comm comm_ = MPI_COMM_NULL;
};

std::vector<OpenHdf5File>& left_open() {
  static std::vector<OpenHdf5File> files;
  return files;
}

}  // namespace

void close_hdf5_file(const OpenHdf5File& file) noexcept {
  std::optional<LargestFiles> unlimited;
  if (file.discard) {
    unlimited.emplace();
    divert_writes_to_memory(file.objects.back(), file.shared);
  }
  const Sharers sharers(file);
  bool closed = true;
  for (const hid_t object : file.objects) closed = H5Idec_ref(object) >= 0 && closed;
  sharers.wait();
  if (file.then) file.then(closed && !file.discard);
}

void leave_open(OpenHdf5File file) { left_open().push_back(std::move(file)); }

void close_what_is_left_open() noexcept {
  if (left_open().empty()) return;
  H5E_auto2_t print = nullptr;
  void* print_data = nullptr;
  H5Eget_auto2(H5E_DEFAULT, &print, &print_data);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // what fails has been reported
  for (const auto& file : std::exchange(left_open(), {})) close_hdf5_file(file);
  H5Eset_auto2(H5E_DEFAULT, print, print_data);
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
