#pragma once

#include <cstdint>
#include <functional>
#include <variant>

/// How fast a training learns in each of its training iterations n, counted from 0 without
/// validations and tests. The learning rate depends on n alone, so that a resumed training has the
/// same. Rates are as optimizers get them, in the unit of their eta, finite and at least 0.
namespace eprop {

/// eta
struct ConstantLearningRate {
  double eta = 1e-4;
};

/// max(floor, eta * factor^k), k = n / every rounded down.
struct StepLearningRate {
  double eta = 1e-4;
  double factor = 0.1;     ///< in (0, 1]
  std::int64_t every = 1;  ///< training iterations from one step to the next, at least 1
  double floor = 0.0;      ///< at most eta
};

/// max(floor, eta * decay^n)
struct ExponentialLearningRate {
  double eta = 1e-4;
  double decay = 1.0;  ///< in (0, 1]
  double floor = 0.0;  ///< at most eta
};

/// floor + (eta - floor) * (1 + cos(pi * n / iterations)) / 2, and floor from n = iterations on
/// (Loshchilov & Hutter 2017, eq. 5, without restarts).
struct CosineLearningRate {
  double eta = 1e-4;
  std::int64_t iterations = 1;  ///< training iterations until the floor, at least 1
  double floor = 0.0;           ///< at most eta
};

/// Any other. It is called on every rank and has to return the same rate on each.
using LearningRateFunction = std::function<double(std::int64_t n)>;

struct LearningRateSchedule {
  /// By training iterations since the warm-up.
  std::variant<ConstantLearningRate, StepLearningRate, ExponentialLearningRate, CosineLearningRate,
               LearningRateFunction>
      rate;
  /// Training iterations, at least 0, before all others: the rate rises linearly in them, from
  /// 1 / (warm_up + 1) to warm_up / (warm_up + 1) of the first one after them.
  std::int64_t warm_up = 0;
};

/// The rate of training iteration `n`. InvalidParameter if the schedule breaks a rule, or if its
/// function returns what is no learning rate.
[[nodiscard]] double learning_rate(const LearningRateSchedule& schedule, std::int64_t n);

}  // namespace eprop
