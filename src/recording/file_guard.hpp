#pragma once

#include <memory>
#include <optional>
#include <string>

#include "eprop/comm/communicator.hpp"
#include "eprop/write_lock.hpp"
#include "recording/hdf5_types.hpp"

namespace eprop::recording {

/// Sees to it that an output file is written by this job alone and that no other is lost. It works
/// on rank 0; a device is not guarded. All failures are OutputErrors on all ranks.
class FileGuard {
 public:
  /// Before the file is opened. Refuses a file that another job writes, unless `overwrite`; one
  /// that exists, if it is to be created, unless `overwrite`, in which case the file is removed:
  /// whoever has it open keeps what it was; and one that may not be written, that is no HDF5 file,
  /// or that another program has open to write with HDF5's own locks, or to read, if the user has
  /// switched these on here.
  FileGuard(const std::string& path, OpenMode mode, bool overwrite, comm::Communicator& comm);
  FileGuard(const FileGuard&) = delete;
  FileGuard& operator=(const FileGuard&) = delete;
  ~FileGuard();

  /// Throws if another job has taken over the file.
  void require_held() const;

  /// After it has been created: HDF5 elsewhere may open it to read, but not to write.
  void hold();

 private:
  void prepare(OpenMode mode, bool overwrite);
  /// Returns what is in the way, or nothing. Where there are no file locks, nobody is.
  [[nodiscard]] std::string lock();
  [[noreturn]] void fail(const std::string& reason) const;

  std::string path_;
  bool active_;  ///< on this rank
  std::optional<WriteLock> lock_;
  int descriptor_ = -1;
};

}  // namespace eprop::recording
