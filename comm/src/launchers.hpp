#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "eprop/comm/join.hpp"

namespace eprop::comm {

/// The value of an environment variable, or nullptr; as std::getenv.
using Environment = std::function<const char*(const char*)>;

/// What this process sees of its start, apart from the environment.
struct Start {
  int mpi_size = 1;              ///< ranks of MPI_COMM_WORLD
  long pid = 0;                  ///< of this process
  std::string_view mpi_library;  ///< name and version, for the message
};

/// A launcher has started several copies of the program, of which MPI takes each for a job of one
/// rank: they would all do the same and write the same files.
struct LoneCopies {
  std::string message;
  bool first = false;  ///< whether the launcher calls this copy number 0
};

/// What a launcher says of this process, if it has started several.
[[nodiscard]] std::optional<LaunchedRank> launched_rank(const Environment& environment, long pid);

/// Whether EPROP_IGNORE_LAUNCHER is set, to anything but "" and "0".
[[nodiscard]] bool launcher_is_ignored(const Environment& environment);

/// Nothing where MPI sees several ranks (somebody has connected them), where nobody says to have
/// started several processes, and where the launcher is to be ignored.
///
/// Only what is said of the processes just started counts. Of an allocation (SLURM_NTASKS, PBS_NP)
/// a batch script may well start a single process. Launchers nest: an mpirun within a step of Slurm
/// or Flux decides, since a step may consist of its own helpers (mpirun starts one per node).
[[nodiscard]] std::optional<LoneCopies> lone_copies(const Environment& environment,
                                                    const Start& start);

}  // namespace eprop::comm
