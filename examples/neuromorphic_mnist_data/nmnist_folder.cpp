#include "neuromorphic_mnist_data/nmnist_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "neuromorphic_mnist_data/event_file.hpp"

namespace eprop::examples {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& folder, const std::string& problem) {
  throw DatasetFolderError(
      fmt::format("N-MNIST folder '{}' {}: expected are the folders Train/0 .. Train/9 and "
                  "Test/0 .. Test/9 with .bin files, as unpacked from Train.zip and Test.zip of "
                  "https://www.garrickorchard.com/datasets/n-mnist; the synthetic data set needs "
                  "no files",
                  folder.string(), problem));
}

std::vector<fs::path> sorted_recordings(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) refuse(folder, "does not exist");
  std::vector<fs::path> files;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == ".bin") files.push_back(entry->path());
  }
  if (error) refuse(folder, fmt::format("cannot be listed ({})", error.message()));
  if (files.empty()) refuse(folder, "holds no .bin file");
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

NmnistFolder::NmnistFolder(const fs::path& path, std::vector<int> labels) {
  labels = checked_labels(std::move(labels));
  const auto collect = [&](const char* split, std::vector<Sample>& samples) {
    for (const int label : labels) {
      for (fs::path& file : sorted_recordings(path / split / std::to_string(label))) {
        samples.emplace_back(label, std::move(file));
      }
    }
  };
  collect("Train", train_);
  collect("Test", test_);
}

std::vector<Event> NmnistFolder::events(Split split, std::size_t index) const {
  return read_event_file(sample(split, index).second);
}

const NmnistFolder::Sample& NmnistFolder::sample(Split split, std::size_t index) const {
  check_sample_index(split, index, size(split));
  return samples(split)[index];
}

}  // namespace eprop::examples
