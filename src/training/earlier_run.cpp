#include "training/earlier_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "eprop/comm/launch.hpp"
#include "eprop/errors.hpp"
#include "eprop/simulation.hpp"
#include "eprop/write_lock.hpp"
#include "recording/left_file.hpp"
#include "training/checkpoint_folder.hpp"
#include "training/identity.hpp"
#include "training/recordings.hpp"

namespace eprop::training {
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

/// Takes the lock of a file for a moment, if there is one.
void require_no_writer(const fs::path& path, const std::string& what) {
  const auto lock = path.string() + ".lock";
  if (fs::exists(lock)) WriteLock(lock, what, *comm::make_serial());
}

/// A checkpoint would take the place of an output file of its name.
void require_paths_of_their_own(const std::string& task, const TrainingOptions& options) {
  const fs::path output(options.output), folder(options.checkpoint_folder);
  const auto absolute = [](const fs::path& path) {
    return (fs::current_path() / path / "").lexically_normal();
  };
  const auto name = output.filename().string();
  if (absolute(output.parent_path()) != absolute(folder) || !name.starts_with(task)) return;
  for (const auto* ending : {".ckpt", ".ckpt.tmp", ".lock"}) {
    if (name.ends_with(ending)) {
      throw std::runtime_error(fmt::format("output file {}: has the name of a checkpoint in {}",
                                           options.output, options.checkpoint_folder));
    }
  }
}

}  // namespace

void require_no_unfinished_training(const std::string& task, const TrainingOptions& options) {
  if (options.overwrite || !options.resume.empty()) return;
  const auto checkpoints = checkpoints_of(task, options.checkpoint_folder);
  const auto what = checkpoints.empty() ? "" : unfinished(checkpoints.back());
  if (what.empty()) return;
  const auto& names = options.names;
  throw std::runtime_error(fmt::format(
      "folder {}: has the checkpoint {}, {}: {} {} goes on with it, another {} keeps it, {} starts "
      "anew",
      options.checkpoint_folder, checkpoints.back().filename().string(), what, names.resume,
      checkpoints.back().string(), names.checkpoint_folder, names.overwrite));
}

void require_nothing_to_lose(const std::string& task, const TrainingOptions& options) {
  require_paths_of_their_own(task, options);
  if (options.resume == "latest" && checkpoints_of(task, options.checkpoint_folder).empty()) {
    throw CheckpointError(
        fmt::format("folder {}: has no checkpoint of {}, from which {} latest could go on",
                    options.checkpoint_folder, task, options.names.resume));
  }
  if (options.overwrite) return;
  // Before anything is said of files that another job may be writing just now.
  if (!options.output.empty()) {
    require_no_writer(options.output, fmt::format("output file '{}'", options.output));
  }
  if (wants_checkpoints(options)) {
    require_no_writer(fs::path(options.checkpoint_folder) / task,
                      fmt::format("checkpoints of {} in {}", task, options.checkpoint_folder));
  }
  if (!options.resume.empty()) return;
  if (wants_checkpoints(options)) require_no_unfinished_training(task, options);
  if (fs::is_regular_file(options.output)) {
    const auto& names = options.names;
    throw std::runtime_error(fmt::format(
        "output file {}: exists already: another {} keeps it, {} replaces it, {} CHECKPOINT goes "
        "on with it",
        options.output, names.output, names.overwrite, names.resume));
  }
}

LeftOutput left_output(const std::string& output, const std::string& identity,
                       const TrainingOptionNames& names) {
  if (!fs::exists(output)) return LeftOutput::none;
  std::optional<double> found;
  try {
    found = recording::number_in_left_file(output, "/task", "training");
  } catch (const DamagedOutput&) {
    return LeftOutput::damaged;
  }
  const bool is_own = found == identity_number(identity);
  if (is_own && !recording::number_in_left_file(output, "/task", finished_attribute)) {
    return LeftOutput::own;
  }
  throw std::runtime_error(fmt::format(
      "output file {}: exists already, {}, and there is no checkpoint: another {} keeps it, {} "
      "replaces it",
      output, is_own ? "with all that this training comes to" : "of another training or program",
      names.output, names.overwrite));
}

bool has_losses_of(const std::string& output, const TrainingState& state) {
  try {
    return read_output(output, "/training/loss") == state.losses;
  } catch (const OutputError&) {
    return false;
  }
}

void require_same_run(const std::string& output, const TrainingState& state,
                      const TrainingOptionNames& names) {
  std::optional<double> training;
  std::vector<double> found;
  try {
    training = recording::number_in_left_file(output, "/task", "training");
    found = read_output(output, "/training/loss");
  } catch (const OutputError&) {
  }
  const auto& losses = state.losses;
  const auto n = std::min(found.size(), losses.size());
  for (std::size_t i = 0; i < n; ++i) {
    if (found[i] == losses[i]) continue;
    throw std::runtime_error(fmt::format(
        "output file {}: is of another training: its loss of iteration {} is {}, that of the "
        "checkpoint {}: another {} keeps it",
        output, i + 1, found[i], losses[i], names.output));
  }
  if (n == 0 && training && training != identity_number(state.identity)) {
    throw std::runtime_error(fmt::format(
        "output file {}: is of another training than the checkpoint: another {} keeps it", output,
        names.output));
  }
}

std::string move_aside(const std::string& path) {
  auto aside = path + ".damaged";
  for (int n = 2; fs::exists(aside); ++n) aside = fmt::format("{}.damaged.{}", path, n);
  fs::rename(path, aside);
  return aside;
}

}  // namespace eprop::training
