#pragma once

#include <memory>
#include <string>

#include "eprop/comm/communicator.hpp"

namespace eprop {

/// Keeps a file or a folder to one job: while it lives there is a file `path` that names the owner
/// (host, process, start). It needs no file locks of the operating system, which cluster file
/// systems may lack: the file is created exclusively.
///
/// A lock whose owner is known to be dead is taken over: a process of this machine that has ended,
/// one of before the machine's last start, or an earlier run of this Slurm job. Of an owner on
/// another machine nothing is known. Machines are told apart by their names.
class WriteLock {
 public:
  /// Collective; rank 0 creates the file. `what` is locked, for messages. OutputError on all ranks
  /// if another owner has the lock, unless `take_over`, or if the file cannot be created.
  WriteLock(const std::string& path, const std::string& what, comm::Communicator& comm,
            bool take_over = false);
  WriteLock(WriteLock&&) noexcept;
  WriteLock& operator=(WriteLock&&) noexcept;
  /// Collective: OutputError on all ranks if another owner has taken the lock over, or removed it.
  void require_held(comm::Communicator& comm) const;
  /// Removes the file; not collective.
  ~WriteLock();

 private:
  class Owned;
  std::unique_ptr<Owned> owned_;  ///< on rank 0
};

}  // namespace eprop
