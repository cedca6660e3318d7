#pragma once

#include <string>

#include "eprop/trainer.hpp"
#include "training/training_state.hpp"

/// What an earlier run has left where this one is going to write.
namespace eprop::training {

/// For one rank, before a training begins: throws, saying what to do, if another job writes to the
/// output file or the folder for checkpoints; if the output file exists; if checkpoints are to be
/// written to a folder that has some of an unfinished training of this task; or if a checkpoint
/// would take the place of the output file. With `overwrite` only the last is refused, with
/// `resume` neither files nor checkpoints that exist; "latest" is, if there are none.
void require_nothing_to_lose(const std::string& task, const TrainingOptions& options);

/// For one rank, before the first checkpoint is written: the refusal of those of an unfinished
/// training alone.
void require_no_unfinished_training(const std::string& task, const TrainingOptions& options);

/// What a training that may go on, and has no checkpoint to go on from, finds at the path of its
/// output file.
enum class LeftOutput { none, own, damaged };

/// For one rank: `own` is the file of an attempt at the training of this identity that did not come
/// to its end, `damaged` one that was broken off before that could be said. std::runtime_error,
/// which says what to do, if it is of another training or a finished one, OutputError if it is no
/// HDF5 file.
[[nodiscard]] LeftOutput left_output(const std::string& output, const std::string& identity,
                                     const TrainingOptionNames& names);

/// For one rank, before a training goes on: throws std::runtime_error if the output file has other
/// losses than `state` or, if one has none, is of another training. A file that cannot be read is
/// left to others.
void require_same_run(const std::string& output, const TrainingState& state,
                      const TrainingOptionNames& names);

/// For one rank: whether the output file has the losses of the state, and no others.
[[nodiscard]] bool has_losses_of(const std::string& output, const TrainingState& state);

/// Moves a file aside, to PATH.damaged or, if there is one, to PATH.damaged.2 and so on, and
/// returns where to.
std::string move_aside(const std::string& path);

}  // namespace eprop::training
