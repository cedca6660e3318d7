#pragma once

#include "eprop/training.hpp"

/// Tasks that train in milliseconds.
namespace eprop::testing {

/// Two readouts that follow constant targets, in update intervals of 20 steps: four inputs, seven
/// neurons, batches of two or so many samples that differ from iteration to iteration.
class ToyCurve : public Task {
 public:
  explicit ToyCurve(const TrainingPlan& training_plan, std::int64_t samples = 2);
  std::vector<Sample> next(Phase phase) override;

 private:
  std::int64_t drawn_ = 0;
};

/// Tells two input patterns apart by the last 5 of 20 steps, learning at every transmission.
class ToyClasses : public Task {
 public:
  explicit ToyClasses(const TrainingPlan& training_plan);
  std::vector<Sample> next(Phase phase) override;

 private:
  std::int64_t drawn_ = 0;
};

/// One input that learns to drive one readout, at a rate beyond all reason.
class HugeSteps final : public Task {
 public:
  HugeSteps();
  std::vector<Sample> next(Phase) override { return {{{{3, 8}}, {0}, {{10.0}}, 0}}; }
};

/// The weights of all projections that learn, one after the other. Collective.
[[nodiscard]] std::vector<double> plastic_weights(const Task& task, Simulation& simulation);

/// What a training ends with, to be compared to the bit.
struct Trained {
  std::vector<double> losses, errors, weights;

  bool operator==(const Trained&) const = default;
};

[[nodiscard]] Trained trained(Task& task, Trainer& trainer);

}  // namespace eprop::testing
