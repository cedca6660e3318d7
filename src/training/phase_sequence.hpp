#pragma once

#include <cstdint>
#include <vector>

#include "eprop/task.hpp"

namespace eprop::training {

/// What iteration after iteration serves, as a plan has it.
class PhaseSequence {
 public:
  explicit PhaseSequence(const TrainingPlan& plan);

  [[nodiscard]] bool finished() const { return finished_; }
  /// Of the iteration to come.
  [[nodiscard]] Phase phase() const { return phase_; }
  /// Where it will be after so many iterations more, as far as can be known before: training might
  /// end earlier.
  [[nodiscard]] PhaseSequence after(int iterations) const;
  /// Training iterations done.
  [[nodiscard]] std::int64_t trained() const { return trained_; }
  /// Whether the iteration to come is the last, as far as can be known before.
  [[nodiscard]] bool last() const;
  /// The iterations that will have been done if training goes on to the end.
  [[nodiscard]] std::int64_t planned() const;

  /// Takes the error (fraction of samples) of the iteration done.
  void advance(double error);

 private:
  void choose();

  TrainingPlan plan_;
  Phase phase_ = Phase::training;
  bool finished_ = false, stopped_ = false;
  std::int64_t trained_ = 0, tested_ = 0, validated_ = 0;
  std::vector<double> validation_errors_;  ///< of the validation going on
  bool validation_is_due_ = false;
};

}  // namespace eprop::training
