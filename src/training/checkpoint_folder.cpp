#include "training/checkpoint_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "eprop/comm/collectives.hpp"

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

std::vector<std::string> list_checkpoints(const std::string& task, const std::string& folder,
                                          comm::Communicator& comm) {
  std::vector<std::string> names;
  if (comm.rank() == 0) {
    for (const auto& path : checkpoints_of(task, folder)) names.push_back(path.string());
  }
  std::vector<std::size_t> count{names.size()};
  comm::broadcast(comm, count, 0);
  names.resize(count.front());
  for (auto& name : names) comm::broadcast(comm, name, 0);
  return names;
}

bool resumes_newest(const TrainingOptions& options) {
  return options.resume == "auto" || options.resume == "latest";
}

bool wants_checkpoints(const TrainingOptions& options) {
  return options.checkpoint_every > 0 || options.checkpoint_minutes > 0.0 ||
         resumes_newest(options);
}

CheckpointFolder::CheckpointFolder(const std::string& task, const TrainingOptions& options,
                                   comm::Communicator& comm)
    : task_(task), options_(options), comm_(comm) {
  if (wants_checkpoints(options)) open();
}

void CheckpointFolder::open() {
  const auto& folder = options_.checkpoint_folder;
  lock_.emplace((fs::path(folder) / (task_ + ".lock")).string(),
                fmt::format("checkpoints of {} in {}", task_, folder), comm_, options_.overwrite);
  if (!options_.overwrite || !options_.resume.empty()) return;
  replaced_ = checkpoints_of(task_, folder);
  std::error_code none;
  std::erase_if(replaced_, [&](const auto& path) {  // others may start with it, too
    return fs::equivalent(path, options_.initial_weights, none);
  });
}

void CheckpointFolder::save(TrainingState& state, Simulation& simulation) {
  const auto name = fmt::format("{}_{}.ckpt", task_, state.iterations());
  const auto path = fs::path(options_.checkpoint_folder) / name;
  const bool again = !kept_.empty() && kept_.back() == path;  // later in the same iteration
  const std::size_t before = kept_.size() - (again ? 1 : 0);
  state.previous = before == 0 ? "" : kept_[before - 1].filename().string();
  lock_->require_held(comm_);
  simulation.save_checkpoint(path.string(), to_bytes(state));
  if (!again) kept_.push_back(path);
  for (const auto& old : std::exchange(replaced_, {})) {
    if (old != path) remove(old);
  }
  if (kept_.size() <= checkpoints_kept) return;
  remove(kept_.front());
  kept_.pop_front();
}

void CheckpointFolder::adopt(const std::string& path, const std::string& previous) {
  if (!previous.empty()) kept_.emplace_back(fs::path(path).replace_filename(previous));
  kept_.emplace_back(path);
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
