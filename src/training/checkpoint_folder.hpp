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

/// Collective: the same list, as rank 0 has it.
[[nodiscard]] std::vector<std::string> list_checkpoints(const std::string& task,
                                                        const std::string& folder,
                                                        comm::Communicator& comm);

/// Whether a training goes on from the newest checkpoint in its folder.
[[nodiscard]] bool resumes_newest(const TrainingOptions& options);

/// Whether a training is to write checkpoints without being asked for them.
[[nodiscard]] bool wants_checkpoints(const TrainingOptions& options);

/// Where a training writes its checkpoints, TASK_ITERATION.ckpt; it keeps the latest two. No other
/// training of the task writes there at the same time.
class CheckpointFolder {
 public:
  /// Collective. Opens the folder if the options want checkpoints.
  CheckpointFolder(const std::string& task, const TrainingOptions& options,
                   comm::Communicator& comm);

  /// Collective: keeps others from writing there. OutputError if another job does, unless
  /// options.overwrite.
  void open();
  [[nodiscard]] bool is_open() const { return lock_.has_value(); }
  /// Collective, of an open folder. CheckpointError if the file cannot be written. The first one
  /// replaces those of an earlier training that options.overwrite begins anew.
  void save(TrainingState& state, Simulation& simulation);
  /// Takes a checkpoint in the folder, from which training goes on, and the one before for those of
  /// this run.
  void adopt(const std::string& path, const std::string& previous);
  /// The last one that this run has saved.
  [[nodiscard]] std::optional<std::string> latest() const;

 private:
  void remove(const std::filesystem::path& path);

  const std::string task_;
  const TrainingOptions options_;
  comm::Communicator& comm_;
  std::optional<WriteLock> lock_;
  std::vector<std::filesystem::path> replaced_;
  std::deque<std::filesystem::path> kept_;  ///< of this run
};

}  // namespace eprop::training
