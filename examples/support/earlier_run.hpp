#pragma once

#include <string>

#include "support/options.hpp"

/// What an earlier run has left where this one is going to write.
namespace eprop::examples {

/// For one rank, before a training begins anew: throws std::runtime_error, which says what to do,
/// if the output file exists, or if checkpoints are to be written to a folder that has some of an
/// unfinished training of this task. With --resume or --overwrite nothing is refused.
void require_nothing_to_lose(const std::string& task, const Options& options);

/// Moves a file aside, to PATH.damaged or, if there is one, to PATH.damaged.2 and so on, and
/// returns where to.
std::string move_aside(const std::string& path);

}  // namespace eprop::examples
