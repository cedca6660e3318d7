#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "eprop/simulation.hpp"
#include "eprop/trainer.hpp"
#include "eprop/write_lock.hpp"
#include "training/training_state.hpp"

namespace eprop::training {

/// The checkpoints of a task in a folder, by iteration; none if there is no such folder.
[[nodiscard]] std::vector<std::filesystem::path> checkpoints_of(const std::string& task,
                                                                const std::string& folder);

/// Where a training writes its checkpoints, TASK_ITERATION.ckpt; it keeps the latest two. No other
/// training of the task writes there at the same time.
class CheckpointFolder {
 public:
  /// Collective. OutputError if another job writes there, unless options.overwrite.
  CheckpointFolder(const std::string& task, const TrainingOptions& options,
                   comm::Communicator& comm);

  /// Collective. CheckpointError if the file cannot be written. The first one replaces those of an
  /// earlier training that options.overwrite begins anew.
  void save(const TrainingState& state, Simulation& simulation);
  /// The last one that this run has saved.
  [[nodiscard]] std::optional<std::string> latest() const;

 private:
  void remove(const std::filesystem::path& path);

  std::string task_, folder_;
  comm::Communicator& comm_;
  std::optional<WriteLock> lock_;
  std::vector<std::filesystem::path> replaced_;
  std::deque<std::filesystem::path> kept_;  ///< of this run
};

}  // namespace eprop::training
