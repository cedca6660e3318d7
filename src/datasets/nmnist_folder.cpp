#include "datasets/nmnist_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>

#include "datasets/digits.hpp"
#include "datasets/event_file.hpp"
#include "datasets/require_sample.hpp"
#include "eprop/errors.hpp"

namespace eprop::datasets {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& folder, const std::string& problem) {
  throw DatasetError(
      fmt::format("folder of digits '{}' {}: expected are the folders Train/0 .. Train/9 and "
                  "Test/0 .. Test/9 with .bin files, as unpacked from Train.zip and Test.zip of "
                  "https://www.garrickorchard.com/datasets/n-mnist, or the four files of MNIST, "
                  "train-images-idx3-ubyte and so on",
                  folder.string(), problem));
}

bool is_recording(const fs::path& file) {
  std::string extension = file.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char c) { return std::tolower(c); });
  return extension == ".bin";
}

struct Recording {
  std::uint32_t digit;
  fs::path file;
};

/// What is in the folders of Train or Test: by digits, then in the order of names.
struct Listing {
  std::vector<Recording> recordings;
  std::vector<fs::path> others;
};

void list_digit(const fs::path& folder, std::uint32_t digit, Listing& listing) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) refuse(folder, "does not exist");
  std::vector<fs::path> files;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    files.push_back(entry->path());
  }
  if (error) refuse(folder, fmt::format("cannot be listed ({})", error.message()));
  std::ranges::sort(files);
  const std::size_t before = listing.recordings.size();
  for (fs::path& file : files) {
    if (is_recording(file)) {
      listing.recordings.push_back({digit, std::move(file)});
    } else {
      listing.others.push_back(std::move(file));
    }
  }
  if (listing.recordings.size() == before) refuse(folder, "holds no .bin file");
}

Listing list(const fs::path& folder, const std::vector<std::uint32_t>& digits) {
  Listing listing;
  for (const std::uint32_t digit : checked_digits(digits)) {
    list_digit(folder / std::to_string(digit), digit, listing);
  }
  return listing;
}

class Recordings : public Dataset {
 public:
  explicit Recordings(std::vector<Recording> recordings) : recordings_(std::move(recordings)) {}

  std::size_t size() const override { return recordings_.size(); }
  std::uint32_t channels() const override { return event_channels; }
  std::uint32_t classes() const override { return 10; }

  std::uint32_t label(std::size_t index) const override {
    require_sample(*this, index);
    return recordings_[index].digit;
  }

  std::vector<ChannelSpike> spikes(std::size_t index) const override {
    require_sample(*this, index);
    return to_spikes(read_event_file(recordings_[index].file));
  }

 private:
  std::vector<Recording> recordings_;
};

}  // namespace

DatasetSplit read_nmnist(const fs::path& folder, const std::vector<std::uint32_t>& digits) {
  const auto read = [&](const char* split) {
    return std::make_shared<Recordings>(list(folder / split, digits).recordings);
  };
  return {.training = read("Train"), .test = read("Test")};
}

std::vector<fs::path> check_nmnist(const fs::path& folder,
                                   const std::vector<std::uint32_t>& digits) {
  std::vector<fs::path> others;
  std::string first_problem;
  std::size_t files = 0, damaged = 0;
  for (const char* split : {"Train", "Test"}) {
    Listing listing = list(folder / split, digits);
    files += listing.recordings.size();
    for (const Recording& recording : listing.recordings) {
      try {
        (void)checked_file_size(recording.file);
      } catch (const DatasetError& error) {
        if (damaged++ == 0) first_problem = error.what();
      }
    }
    std::ranges::move(listing.others, std::back_inserter(others));
  }
  if (damaged > 1) {
    first_problem += fmt::format("; {} more of {} files are damaged", damaged - 1, files);
  }
  if (damaged > 0) throw DatasetError(first_problem);
  return others;
}

}  // namespace eprop::datasets
