#include "neuromorphic_mnist_data/synthetic_nmnist.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "neuromorphic_mnist_data/counter_random.hpp"
#include "neuromorphic_mnist_data/digit_image.hpp"
#include "neuromorphic_mnist_data/event_camera.hpp"

namespace eprop::examples {
namespace {

void check_size(Split split, std::size_t size) {
  if (size == 0) {
    throw std::invalid_argument(
        fmt::format("synthetic data set: {} size is 0, but must be positive", name(split)));
  }
}

}  // namespace

SyntheticNmnist::SyntheticNmnist(std::uint64_t seed, std::size_t train_size, std::size_t test_size,
                                 std::vector<int> labels)
    : seed_(seed),
      train_size_(train_size),
      test_size_(test_size),
      labels_(checked_labels(std::move(labels))) {
  check_size(Split::train, train_size);
  check_size(Split::test, test_size);
}

int SyntheticNmnist::label(Split split, std::size_t index) const {
  check_sample_index(split, index, size(split));
  return labels_[index % labels_.size()];
}

std::vector<Event> SyntheticNmnist::events(Split split, std::size_t index) const {
  const auto purpose =
      split == Split::train ? RandomPurpose::train_sample : RandomPurpose::test_sample;
  CounterRandom random(seed_, purpose, index);
  const DigitImage image(label(split, index), random);
  return record_saccades(image, random);
}

}  // namespace eprop::examples
