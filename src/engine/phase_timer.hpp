#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "engine/ticks.hpp"
#include "eprop/step.hpp"

namespace eprop::engine {

enum class LoopPhase { update, deliver, advance, record, wait, collect, exchange, generate };
inline constexpr std::array<const char*, 8> phase_names{
    "update synapses", "deliver spikes", "advance neurons", "record", "wait",
    "collect",         "exchange",       "generators"};

/// Splits the time of one thread between the phases of the loop. To read the clock several times a
/// step would take a good part of a small network's step: it is read in every step that does rare
/// work, and in one of eight others, drawn by a hash lest they keep time with anything.
class PhaseTimer {
 public:
  void start() {
    started_ = std::chrono::steady_clock::now();
    first_ = true;
  }
  void begin_step(Step t, bool rare_work) {
    constexpr std::uint64_t golden = 0x9E3779B97F4A7C15;  // Fibonacci hashing, Knuth 1973
    const bool drawn = (static_cast<std::uint64_t>(t) * golden) >> 61U == 0;
    weight_ = rare_work ? 1.0 : drawn || first_ ? 8.0 : 0.0;
    first_ = false;
    if (weight_ > 0) last_ = ticks();
  }
  /// Attributes the time since the last call, or the beginning of the step, to `phase`.
  void lap(LoopPhase phase) {
    if (weight_ == 0) return;
    const auto tick = ticks();
    ticks_[static_cast<std::size_t>(phase)] += weight_ * static_cast<double>(tick - last_);
    last_ = tick;
  }
  /// Shares out the time since start() as it was sampled.
  void stop() {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started_;
    const double all = std::accumulate(ticks_.begin(), ticks_.end(), 0.0);
    for (std::size_t i = 0; i < ticks_.size(); ++i) {
      if (all > 0) seconds_[i] += elapsed.count() * ticks_[i] / all;
      ticks_[i] = 0;
    }
  }
  [[nodiscard]] std::vector<std::pair<std::string, double>> seconds() const {
    std::vector<std::pair<std::string, double>> result;
    for (std::size_t i = 0; i < seconds_.size(); ++i) {
      result.emplace_back(phase_names[i], seconds_[i]);
    }
    return result;
  }

 private:
  std::chrono::steady_clock::time_point started_;
  bool first_ = true;  ///< no step has begun yet
  double weight_ = 0;  ///< of the running step; 0: not sampled
  std::uint64_t last_ = 0;
  std::array<double, phase_names.size()> ticks_{};
  std::array<double, phase_names.size()> seconds_{};
};

}  // namespace eprop::engine
