#pragma once

#include <array>
#include <cstdint>
#include <limits>

namespace eprop::engine {

/// Whether steps of one kind are faster when all threads of a rank share them, for which they must
/// meet, or when one does all the work.
///
/// It measures some short stretches of steps in either way, and takes the fastest of each; what is
/// chosen then stays so until measuring again, which takes both ways, has cost little in all.
class ThreadChoice {
 public:
  /// Whether one thread does the next step.
  [[nodiscard]] bool one() const { return one_; }
  /// Whether it asks how long the next step takes.
  [[nodiscard]] bool measures() const { return rest_ == 0; }
  /// To be told after each step: how long it took, if it was asked.
  void took(double ticks);

 private:
  struct Way {
    double fastest = std::numeric_limits<double>::infinity();  ///< ticks of a step
    double ticks = 0, steps = 0;
  };
  [[nodiscard]] Way& way(bool one) { return ways_[one ? 1 : 0]; }
  void choose();

  bool chosen_ = true;  ///< one()
  bool one_ = true;
  std::int64_t rest_ = 0;         ///< steps before it measures
  int stretches_ = 0;             ///< measured in this way
  double ticks_ = 0, steps_ = 0;  ///< of the stretch so far
  std::array<Way, 2> ways_;
};

}  // namespace eprop::engine
