#include "neuromorphic_mnist_data/nmnist_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>
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

bool is_recording(const fs::path& file) {
  std::string extension = file.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char c) { return std::tolower(c); });
  return extension == ".bin";
}

struct Content {
  std::vector<fs::path> recordings;
  std::vector<fs::path> others;
};

/// What is in a folder, in the order of names.
Content list(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) refuse(folder, "does not exist");
  Content content;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    (is_recording(entry->path()) ? content.recordings : content.others).push_back(entry->path());
  }
  if (error) refuse(folder, fmt::format("cannot be listed ({})", error.message()));
  if (content.recordings.empty()) refuse(folder, "holds no .bin file");
  std::ranges::sort(content.recordings);
  std::ranges::sort(content.others);
  return content;
}

}  // namespace

NmnistFolder::NmnistFolder(const fs::path& path, std::vector<int> labels) {
  labels = checked_labels(std::move(labels));
  const auto collect = [&](const char* split, std::vector<Sample>& samples) {
    for (const int label : labels) {
      Content content = list(path / split / std::to_string(label));
      for (fs::path& file : content.recordings) samples.emplace_back(label, std::move(file));
      std::ranges::move(content.others, std::back_inserter(ignored_));
    }
  };
  collect("Train", train_);
  collect("Test", test_);
}

void NmnistFolder::check_sizes() const {
  std::optional<EventFileError> first;
  std::size_t others = 0;
  for (const auto* samples : {&train_, &test_}) {
    for (const auto& [label, file] : *samples) {
      try {
        checked_file_size(file);
      } catch (const EventFileError& error) {
        if (first) {
          ++others;
        } else {
          first = error;
        }
      }
    }
  }
  if (!first) return;
  if (others == 0) throw *first;
  throw EventFileError(first->file(), first->offset(),
                       fmt::format("{}; {} more of {} files are damaged", first->problem(), others,
                                   train_.size() + test_.size()));
}

std::vector<Event> NmnistFolder::events(Split split, std::size_t index) const {
  return read_event_file(sample(split, index).second);
}

const NmnistFolder::Sample& NmnistFolder::sample(Split split, std::size_t index) const {
  check_sample_index(split, index, size(split));
  return samples(split)[index];
}

}  // namespace eprop::examples
