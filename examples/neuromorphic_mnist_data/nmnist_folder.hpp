#pragma once

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "neuromorphic_mnist_data/dataset.hpp"

namespace eprop::examples {

/// A folder that does not hold N-MNIST; what() says which part is missing and where to get it.
class DatasetFolderError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The original N-MNIST files: Train/D/*.bin and Test/D/*.bin, or .BIN, for each digit D. Samples
/// are ordered by digit, then by file name, so that subsets are to be drawn through sample_order.
/// Files are opened only by events(), which throws EventFileError for a damaged one.
class NmnistFolder : public Dataset {
 public:
  /// Lists the files of the given labels; DatasetFolderError if a folder is missing, cannot be read
  /// or holds no .bin file, std::invalid_argument as checked_labels.
  explicit NmnistFolder(const std::filesystem::path& path, std::vector<int> labels = all_labels());

  /// Looks at the size of every file: EventFileError for the first that cannot be a recording, with
  /// the number of others. One rank should do so for all: on a cluster's file system it takes long.
  void check_sizes() const;

  /// What lies in the folders besides and is left out, in order.
  const std::vector<std::filesystem::path>& ignored() const { return ignored_; }

  std::size_t size(Split split) const override { return samples(split).size(); }
  int label(Split split, std::size_t index) const override { return sample(split, index).first; }
  std::vector<Event> events(Split split, std::size_t index) const override;

 private:
  using Sample = std::pair<int, std::filesystem::path>;

  const std::vector<Sample>& samples(Split split) const {
    return split == Split::train ? train_ : test_;
  }
  const Sample& sample(Split split, std::size_t index) const;

  std::vector<Sample> train_;
  std::vector<Sample> test_;
  std::vector<std::filesystem::path> ignored_;
};

}  // namespace eprop::examples
