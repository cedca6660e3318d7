#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace eprop::engine {

enum class Phase { update, deliver, advance, record, wait, collect, exchange, generate };
inline constexpr std::array<const char*, 8> phase_names{
    "update synapses", "deliver spikes", "advance neurons", "record", "wait",
    "collect",         "exchange",       "generators"};

/// Splits the time of one thread between the phases of the loop, for a few nanoseconds each: counts
/// ticks of the processor's clock, whose length is measured over the whole run.
class PhaseTimer {
 public:
  void start() {
    started_ = std::chrono::steady_clock::now();
    first_ = last_ = now();
  }
  /// Attributes the time since the last call to `phase`.
  void lap(Phase phase) {
    const auto tick = now();
    ticks_[static_cast<std::size_t>(phase)] += tick - last_;
    last_ = tick;
  }
  void stop() {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started_;
    const double per_tick =
        last_ > first_ ? elapsed.count() / static_cast<double>(last_ - first_) : 0;
    for (std::size_t i = 0; i < ticks_.size(); ++i) {
      seconds_[i] += per_tick * static_cast<double>(ticks_[i]);
      ticks_[i] = 0;
    }
  }
  [[nodiscard]] std::vector<std::pair<std::string, double>> seconds() const {
    std::vector<std::pair<std::string, double>> result;
    for (std::size_t i = 0; i < seconds_.size(); ++i)
      result.emplace_back(phase_names[i], seconds_[i]);
    return result;
  }

 private:
  static std::uint64_t now() {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
  }

  std::chrono::steady_clock::time_point started_;
  std::uint64_t first_ = 0, last_ = 0;
  std::array<std::uint64_t, phase_names.size()> ticks_{};
  std::array<double, phase_names.size()> seconds_{};
};

}  // namespace eprop::engine
