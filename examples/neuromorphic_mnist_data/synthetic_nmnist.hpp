#pragma once

#include <cstdint>

#include "neuromorphic_mnist_data/dataset.hpp"

namespace eprop::examples {

/// Recordings of drawn digits, made when asked for: a stand-in for N-MNIST that needs no download.
/// A sample depends on nothing but seed, split, index and the labels in use; training and test
/// samples come from different random sequences.
class SyntheticNmnist : public Dataset {
 public:
  /// std::invalid_argument if a size is 0 and as checked_labels.
  SyntheticNmnist(std::uint64_t seed, std::size_t train_size, std::size_t test_size,
                  std::vector<int> labels = all_labels());

  std::size_t size(Split split) const override {
    return split == Split::train ? train_size_ : test_size_;
  }

  /// The labels in turn: labels[index mod number of labels].
  int label(Split split, std::size_t index) const override;

  /// Some 1000 to 7000 events, in order of time.
  std::vector<Event> events(Split split, std::size_t index) const override;

 private:
  std::uint64_t seed_;
  std::size_t train_size_;
  std::size_t test_size_;
  std::vector<int> labels_;
};

}  // namespace eprop::examples
