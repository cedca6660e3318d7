#pragma once

#include <string>

namespace eprop::recording {

/// A process, as a lock file names it: one line "NAME = VALUE" each.
struct LockOwner {
  std::string host;
  std::string boot;   ///< identifies the machine since its last start
  std::string space;  ///< of process numbers: containers on one machine have their own
  std::string pid;
  std::string start;    ///< of the process, in clock ticks since the machine's last start
  std::string job;      ///< of Slurm, or nothing
  std::string restart;  ///< how often Slurm has started the job anew, or nothing
  std::string since;    ///< when the lock was taken, for people

  bool operator==(const LockOwner&) const = default;
};

[[nodiscard]] LockOwner this_process();
[[nodiscard]] std::string to_text(const LockOwner& owner);
/// What of it can be read; the rest stays empty.
[[nodiscard]] LockOwner lock_owner(const std::string& text);

/// Whether the process is known to have ended, as seen by process `here`.
[[nodiscard]] bool is_dead(const LockOwner& owner, const LockOwner& here);

/// "process 12 on node7 (Slurm job 34) since ..."
[[nodiscard]] std::string describe(const LockOwner& owner);

}  // namespace eprop::recording
