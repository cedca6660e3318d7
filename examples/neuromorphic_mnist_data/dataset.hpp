#pragma once

#include <cstddef>
#include <vector>

#include "neuromorphic_mnist_data/event.hpp"

namespace eprop::examples {

enum class Split { train, test };

/// Labelled recordings of digits. Every member is const and may be called from any thread.
class Dataset {
 public:
  virtual ~Dataset() = default;

  /// Number of samples.
  virtual std::size_t size(Split split) const = 0;

  /// Digit shown, 0 .. 9; std::out_of_range unless index < size(split).
  virtual int label(Split split, std::size_t index) const = 0;

  /// Recording; std::out_of_range unless index < size(split), and the errors of the source.
  virtual std::vector<Event> events(Split split, std::size_t index) const = 0;
};

/// 0 .. 9.
std::vector<int> all_labels();

/// The labels in ascending order; std::invalid_argument if there is none, if one is not in 0 .. 9
/// or if one stands twice.
std::vector<int> checked_labels(std::vector<int> labels);

/// "training" or "test", for messages.
const char* name(Split split);

/// std::out_of_range unless index < size.
void check_sample_index(Split split, std::size_t index, std::size_t size);

}  // namespace eprop::examples
