#pragma once

#include <string>
#include <vector>

#include "eprop/trainer.hpp"

/// What an earlier run has left where this one is going to write.
namespace eprop::training {

/// For one rank, before a training begins: throws, saying what to do, if another job writes to the
/// output file or the folder for checkpoints; if the output file exists; if checkpoints are to be
/// written to a folder that has some of an unfinished training of this task; or if a checkpoint
/// would take the place of the output file. With `overwrite` only the last is refused, with
/// `resume` neither files nor checkpoints that exist.
void require_nothing_to_lose(const std::string& task, const TrainingOptions& options);

/// For one rank, before a training goes on: throws std::runtime_error if the output file has other
/// losses than those of the checkpoint. A file that cannot be read is left to others.
void require_same_run(const std::string& output, const std::vector<double>& losses,
                      const TrainingOptionNames& names);

/// Moves a file aside, to PATH.damaged or, if there is one, to PATH.damaged.2 and so on, and
/// returns where to.
std::string move_aside(const std::string& path);

}  // namespace eprop::training
