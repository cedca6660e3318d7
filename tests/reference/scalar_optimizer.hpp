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
    optimize(g, optimizer, eta);
    w = std::clamp(w, common.Wmin, common.Wmax);
  }

  /// One optimization, without clipping.
  void optimize(double g, const Optimizer& optimizer, double eta) {
    ++optimizations;
    std::visit([&](const auto& o) { step(o, g, eta); }, optimizer);
  }

 private:
  void step(const GradientDescent&, double g, double eta) { w -= eta * g; }

  void step(const Adam& o, double g, double eta) {
    const auto n = static_cast<double>(optimizations);
    m = o.beta_1 * m + (1.0 - o.beta_1) * g;
    v = o.beta_2 * v + (1.0 - o.beta_2) * g * g;
    w -= eta * std::sqrt(1.0 - std::pow(o.beta_2, n)) / (1.0 - std::pow(o.beta_1, n)) * m /
         (std::sqrt(v) + o.epsilon);
  }

  void step(const RmsProp& o, double g, double eta) {
    const double mean_square = o.rho * v + (1.0 - o.rho) * std::pow(g, 2.0);
    w -= g * eta / (o.epsilon + std::sqrt(mean_square));
    v = mean_square;
  }

  void step(const Momentum& o, double g, double eta) {
    m *= o.mu;
    m += g;
    w -= m * eta;
  }

  void step(const AdamW& o, double g, double eta) {
    const double before = w;
    step(static_cast<const Adam&>(o), g, eta);
    w -= eta * o.weight_decay * before;
  }
};

/// One of every optimizer there is, with these parameters of all.
inline std::vector<Optimizer> every_optimizer(const GradientDescent& common) {
  auto all = network::all_optimizers();
  for (auto& optimizer : all) {
    std::visit([&](auto& o) { static_cast<GradientDescent&>(o) = common; }, optimizer);
  }
  return all;
}

}  // namespace eprop::testing
