#include "training/folders.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "training/checkpoint_folder.hpp"

namespace eprop::training {
namespace {

void create_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.empty() || std::filesystem::is_directory(folder, error)) return;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw std::runtime_error(
        fmt::format("folder {}: cannot be created: {}", folder.string(), error.message()));
  }
}

}  // namespace

void create_folders(const TrainingOptions& options) {
  if (std::filesystem::is_directory(options.output)) {
    throw std::runtime_error(
        fmt::format("output file {}: is a folder, give the name of a file", options.output));
  }
  create_folder(std::filesystem::path(options.output).parent_path());
  if (wants_checkpoints(options)) create_checkpoint_folder(options);
}

void create_checkpoint_folder(const TrainingOptions& options) {
  create_folder(options.checkpoint_folder);
}

}  // namespace eprop::training
