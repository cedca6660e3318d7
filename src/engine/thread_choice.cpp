#include "engine/thread_choice.hpp"

#include <algorithm>
#include <cmath>

namespace eprop::engine {

void ThreadChoice::took(double ticks) {
  if (rest_ > 0) {
    --rest_;
    return;
  }
  constexpr double stretch = 1 << 18;  // some 0.1 ms, a few times what it takes to wake a thread
  constexpr int stretches = 3;
  ticks_ += ticks;
  ++steps_;
  if (ticks_ < stretch) return;
  auto& measured = way(one_);
  measured.fastest = std::min(measured.fastest, ticks_ / steps_);
  measured.ticks += ticks_;
  measured.steps += steps_;
  ticks_ = steps_ = 0;
  if (++stretches_ < stretches) return;
  stretches_ = 0;
  if (one_ == chosen_) {
    one_ = !chosen_;
  } else {
    choose();
  }
}

void ThreadChoice::choose() {
  constexpr double clearly = 0.95;
  constexpr double cost = 0.01;  // of measuring, as a share of all time
  if (way(!chosen_).fastest < clearly * way(chosen_).fastest) chosen_ = !chosen_;
  const auto &best = way(chosen_), &other = way(!chosen_);
  const double lost = other.ticks - other.steps * best.fastest;
  const double steps = best.steps + other.steps;
  rest_ = std::llround(std::clamp(lost / (cost * best.fastest), 16 * steps, 4096 * steps));
  one_ = chosen_;
  ways_ = {};
}

}  // namespace eprop::engine
