#pragma once

#include <algorithm>
#include <cmath>

#include "network/optimizers.hpp"

namespace eprop::testing {

/// One synapse's optimizer as it is defined: gradients are summed over batches, divided by their
/// size, and the weight is clipped after each optimization.
struct ScalarOptimizer {
  double w;
  double sum = 0.0, m = 0.0, v = 0.0;
  std::int64_t gradients = 0, optimizations = 0;

  void add(double gradient, const Optimizer& optimizer, double eta) {
    const auto& common = network::common_parameters(optimizer);
    sum += gradient;
    if (++gradients % common.batch_size != 0) return;
    const double g = sum / static_cast<double>(common.batch_size);
    sum = 0.0;
    ++optimizations;
    if (const auto* adam = std::get_if<Adam>(&optimizer)) {
      const auto n = static_cast<double>(optimizations);
      m = adam->beta_1 * m + (1.0 - adam->beta_1) * g;
      v = adam->beta_2 * v + (1.0 - adam->beta_2) * g * g;
      w -= eta * std::sqrt(1.0 - std::pow(adam->beta_2, n)) / (1.0 - std::pow(adam->beta_1, n)) *
           m / (std::sqrt(v) + adam->epsilon);
    } else {
      w -= eta * g;
    }
    w = std::clamp(w, common.Wmin, common.Wmax);
  }
};

}  // namespace eprop::testing
