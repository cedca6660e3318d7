#pragma once

#include <optional>
#include <string>

#include "eprop/comm/communicator.hpp"
#include "eprop/write_lock.hpp"
#include "recording/file_copies.hpp"
#include "recording/hdf5_types.hpp"

namespace eprop::recording {

/// Sees to it that an output file is written by this job alone and that no other is lost. It works
/// on rank 0; a device is not guarded. All failures are OutputErrors on all ranks.
class FileGuard {
 public:
  /// Before the file is opened. Refuses a file that another job writes, unless `overwrite`; one
  /// that exists, if it is to be created, unless `overwrite`, in which case it is replaced by the
  /// first copies().publish(): whoever has it open keeps what it was; and one that may not be
  /// written, that is no HDF5 file, or that another program has open to write with HDF5's own
  /// locks.
  FileGuard(const std::string& path, OpenMode mode, bool overwrite, comm::Communicator& comm);
  FileGuard(const FileGuard&) = delete;
  FileGuard& operator=(const FileGuard&) = delete;

  /// How the file is written; null for a device or in a folder that is not there, and on ranks
  /// other than 0.
  [[nodiscard]] FileCopies* copies() { return copies_ ? &*copies_ : nullptr; }

  /// Throws a WriteError if another job has taken over the file.
  void require_held() const;

 private:
  void prepare(OpenMode mode, bool overwrite);
  void require_writable() const;
  [[noreturn]] void fail(const std::string& reason) const;

  std::string path_;
  std::optional<WriteLock> lock_;
  std::optional<FileCopies> copies_;
};

}  // namespace eprop::recording
