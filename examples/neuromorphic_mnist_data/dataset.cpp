#include "neuromorphic_mnist_data/dataset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace eprop::examples {

std::vector<int> all_labels() {
  std::vector<int> labels(10);
  std::iota(labels.begin(), labels.end(), 0);
  return labels;
}

std::vector<int> checked_labels(std::vector<int> labels) {
  if (labels.empty()) throw std::invalid_argument("labels: the list is empty, but must hold one");
  for (const int label : labels) {
    if (label < 0 || label > 9) {
      throw std::invalid_argument(fmt::format("labels: {} must lie in 0 .. 9", label));
    }
  }
  std::sort(labels.begin(), labels.end());
  if (const auto twice = std::adjacent_find(labels.begin(), labels.end()); twice != labels.end()) {
    throw std::invalid_argument(fmt::format("labels: {} must not stand twice", *twice));
  }
  return labels;
}

const char* name(Split split) { return split == Split::train ? "training" : "test"; }

void check_sample_index(Split split, std::size_t index, std::size_t size) {
  if (index >= size) {
    throw std::out_of_range(fmt::format("{} sample {}: the index must be below the set's size {}",
                                        name(split), index, size));
  }
}

}  // namespace eprop::examples
