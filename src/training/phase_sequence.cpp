#include "training/phase_sequence.hpp"

#include <limits>
#include <numeric>

namespace eprop::training {

PhaseSequence::PhaseSequence(const TrainingPlan& plan) : plan_(plan) { choose(); }

void PhaseSequence::choose() {
  if (validation_is_due_) {
    phase_ = Phase::validation;
  } else if (!stopped_ && trained_ < plan_.iterations) {
    phase_ = Phase::training;
  } else if (tested_ < plan_.test_iterations) {
    phase_ = Phase::test;
  } else {
    finished_ = true;
  }
}

PhaseSequence PhaseSequence::after(int iterations) const {
  constexpr double error_unknown = std::numeric_limits<double>::infinity();
  PhaseSequence after = *this;
  for (int i = 0; i < iterations; ++i) after.advance(error_unknown);
  return after;
}

bool PhaseSequence::last() const {
  if (phase_ == Phase::test) return tested_ + 1 == plan_.test_iterations;
  return phase_ == Phase::training && plan_.test_iterations == 0 &&
         trained_ + 1 == plan_.iterations &&
         (plan_.validate_every == 0 || plan_.iterations % plan_.validate_every != 0);
}

std::int64_t PhaseSequence::planned() const {
  const std::int64_t due = validation_is_due_ ? 1 : 0;
  const auto remaining = plan_.validate_every == 0 ? 0
                                                   : plan_.iterations / plan_.validate_every -
                                                         trained_ / plan_.validate_every;
  return plan_.iterations + validated_ + due + remaining + plan_.test_iterations;
}

void PhaseSequence::advance(double error) {
  switch (phase_) {
    case Phase::training:
      ++trained_;
      validation_is_due_ = plan_.validate_every > 0 && trained_ % plan_.validate_every == 0;
      validation_errors_.clear();
      break;
    case Phase::validation: {
      ++validated_;
      validation_errors_.push_back(error);
      const auto n = static_cast<std::int64_t>(validation_errors_.size());
      const double mean =
          std::accumulate(validation_errors_.begin(), validation_errors_.end(), 0.0) /
          static_cast<double>(n);
      validation_is_due_ = error < plan_.stop_error && n < plan_.stop_batches;
      stopped_ = n == plan_.stop_batches && mean < plan_.stop_error;
      break;
    }
    case Phase::test:
      ++tested_;
      break;
  }
  choose();
}

}  // namespace eprop::training
