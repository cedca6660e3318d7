#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/progress.hpp"

namespace eprop::examples {

/// How fast a run goes; both unknown (negative) before the first iteration.
struct Pace {
  double seconds_per_iteration = -1.0;
  double remaining = -1.0;  ///< s
};

Pace pace(const ProgressState& state, std::int64_t iterations_before, double elapsed_seconds);

/// 0:12, 3:05 or 1:02:03, to the nearest second.
std::string format_duration(double seconds);

/// [=====>    ], `width` characters between the brackets.
std::string format_bar(std::int64_t done, std::int64_t total, std::size_t width);

/// NAME  57/200  loss 83.21  model time 57.0 s  1.9 ms/iteration  ETA 0:12
std::string log_line(const std::string& name, const ProgressState& state, const Pace& pace);

/// The same with a bar after the name. Where it does not fit `columns`, it goes without speed, then
/// model time, then the bar; and is cut off beyond that.
std::string bar_line(const std::string& name, const ProgressState& state, const Pace& pace,
                     std::size_t columns);

/// NAME  done: 200 iterations in 12.3 s (deliver spikes 5.2 s 42 %, record 0.1 s 1 %), 97 % of
/// steps on one thread. The last part if a share is given.
std::string summary_line(const std::string& name, std::int64_t iterations, double elapsed_seconds,
                         const std::vector<std::pair<std::string, double>>& phase_times,
                         std::optional<double> one_thread = {});

}  // namespace eprop::examples
