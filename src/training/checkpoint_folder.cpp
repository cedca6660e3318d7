#include "training/checkpoint_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace eprop::training {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t checkpoints_kept = 2;

/// The iteration in TASK_ITERATION.ckpt, negative if the file is not called so.
std::int64_t iteration_of(const fs::path& path, const std::string& task) {
  const auto name = path.stem().string();
  std::int64_t iteration = -1;
  if (path.extension() != ".ckpt" || !name.starts_with(task + "_")) return iteration;
  const char* const first = name.data() + task.size() + 1;
  const char* const last = name.data() + name.size();
  return std::from_chars(first, last, iteration).ptr == last ? iteration : -1;
}

}  // namespace

std::vector<fs::path> checkpoints_of(const std::string& task, const std::string& folder) {
  std::vector<std::pair<std::int64_t, fs::path>> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    const auto iteration = iteration_of(entry.path(), task);
    if (iteration >= 0) found.emplace_back(iteration, entry.path());
  }
  std::sort(found.begin(), found.end());
  std::vector<fs::path> paths;
  for (auto& [iteration, path] : found) paths.push_back(std::move(path));
  return paths;
}

CheckpointFolder::CheckpointFolder(const std::string& task, const TrainingOptions& options,
                                   comm::Communicator& comm)
    : task_(task), folder_(options.checkpoint_folder), comm_(comm) {
  if (options.checkpoint_every == 0) return;
  lock_.emplace((fs::path(folder_) / (task + ".lock")).string(),
                fmt::format("checkpoints of {} in {}", task, folder_), comm, options.overwrite);
  if (!options.overwrite || !options.resume.empty()) return;
  replaced_ = checkpoints_of(task, folder_);
  std::error_code none;
  std::erase_if(replaced_, [&](const auto& path) {  // others may start with it, too
    return fs::equivalent(path, options.initial_weights, none);
  });
}

void CheckpointFolder::save(const TrainingState& state, Simulation& simulation) {
  const auto path = fs::path(folder_) / fmt::format("{}_{}.ckpt", task_, state.iterations());
  if (lock_) lock_->require_held(comm_);
  simulation.save_checkpoint(path.string(), to_bytes(state));
  for (const auto& old : std::exchange(replaced_, {})) {
    if (old != path) remove(old);
  }
  kept_.push_back(path);
  if (kept_.size() <= checkpoints_kept) return;
  remove(kept_.front());
  kept_.pop_front();
}

std::optional<std::string> CheckpointFolder::latest() const {
  if (kept_.empty()) return std::nullopt;
  return kept_.back().string();
}

void CheckpointFolder::remove(const fs::path& path) {
  std::error_code error;  // one too many does no harm
  if (comm_.rank() == 0) fs::remove(path, error);
}

}  // namespace eprop::training
