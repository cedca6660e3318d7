#pragma once

#include "eprop/trainer.hpp"

namespace eprop::training {

/// Creates the folders that a training will write into: that of the output file and, if there are
/// to be checkpoints, theirs. For one rank to call, as ranks share a file system. Throws
/// std::runtime_error if a folder cannot be created or if the output file's path is a folder's.
void create_folders(const TrainingOptions& options);
/// The same of that for checkpoints alone.
void create_checkpoint_folder(const TrainingOptions& options);

}  // namespace eprop::training
