#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "eprop/recording.hpp"
#include "eprop/task.hpp"

namespace eprop::training {

/// How well the samples of an iteration were answered; Trainer says what the two numbers are.
struct Score {
  double loss = 0.0;
  double error = 0.0;  ///< 0 unless the task classifies
};

/// The readout with the largest mean signal, the first of several.
[[nodiscard]] std::size_t predicted_class(const IntervalLoss& sample);

/// Of samples and their labels, one each.
[[nodiscard]] Score score(const Task& task, const std::vector<IntervalLoss>& samples,
                          std::span<const int> labels);

/// Counts samples in a confusion matrix [label][prediction].
void count_predictions(const std::vector<IntervalLoss>& samples, std::span<const int> labels,
                       std::vector<std::int64_t>& confusion);

}  // namespace eprop::training
