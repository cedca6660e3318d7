#include "support/earlier_run.hpp"

#include <filesystem>
#include <stdexcept>

#include "eprop/errors.hpp"
#include "support/checkpoint_folder.hpp"

namespace eprop::examples {
namespace {

namespace fs = std::filesystem;

/// What there is to lose in a checkpoint; nothing if the training was over.
std::string unfinished(const fs::path& checkpoint) {
  try {
    const auto state = training_state(read_user_data(checkpoint.string()), checkpoint.string());
    if (state.finished) return "";
    return fmt::format("after {} iterations of an unfinished training", state.iterations());
  } catch (const CheckpointError&) {
    return "which cannot be read";
  }
}

}  // namespace

void require_nothing_to_lose(const std::string& task, const Options& options) {
  if (options.overwrite || !options.resume.empty()) return;
  if (options.checkpoint_every > 0) {
    const auto checkpoints = checkpoints_of(task, options.checkpoint_dir);
    const auto what = checkpoints.empty() ? "" : unfinished(checkpoints.back());
    if (!what.empty()) {
      throw std::runtime_error(
          fmt::format("folder {}: has the checkpoint {}, {}: --resume {} goes on with it, another "
                      "--checkpoint-dir keeps it, --overwrite starts anew",
                      options.checkpoint_dir, checkpoints.back().filename().string(), what,
                      checkpoints.back().string()));
    }
  }
  if (fs::is_regular_file(options.output)) {
    throw std::runtime_error(
        fmt::format("output file {}: exists already: another --output keeps it, --overwrite "
                    "replaces it, --resume CHECKPOINT goes on with it",
                    options.output));
  }
}

std::string move_aside(const std::string& path) {
  auto aside = path + ".damaged";
  for (int n = 2; fs::exists(aside); ++n) aside = fmt::format("{}.damaged.{}", path, n);
  fs::rename(path, aside);
  return aside;
}

}  // namespace eprop::examples
