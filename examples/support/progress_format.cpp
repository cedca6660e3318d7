#include "support/progress_format.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace eprop::examples {

namespace {

constexpr std::size_t bar_width = 10;  // characters

struct Shown {
  bool bar = true;
  bool model_time = true;
  bool speed = true;
};

std::string format_speed(double seconds_per_iteration) {
  const double milliseconds = 1e3 * seconds_per_iteration;
  if (milliseconds >= 1e3) return fmt::format("{:.1f} s/iteration", seconds_per_iteration);
  return fmt::format("{:.{}f} ms/iteration", milliseconds, milliseconds >= 100.0 ? 0 : 1);
}

std::string line(const std::string& name, const ProgressState& state, const Pace& pace,
                 const Shown& shown) {
  std::string text = name + "  ";
  if (shown.bar) text += format_bar(state.iteration, state.total, bar_width) + " ";
  text += fmt::format("{}/{}", state.iteration, state.total);
  if (!state.phase.empty()) text += "  " + state.phase;
  text += fmt::format("  loss {:.4g}", state.loss);
  if (state.error) text += fmt::format("  error {:.3g}", *state.error);
  if (shown.model_time) text += fmt::format("  model time {:.1f} s", 1e-3 * state.model_time);
  if (pace.seconds_per_iteration >= 0.0) {
    if (shown.speed) text += "  " + format_speed(pace.seconds_per_iteration);
    text += "  ETA " + format_duration(pace.remaining);
  }
  return text;
}

}  // namespace

Pace pace(const ProgressState& state, std::int64_t iterations_before, double elapsed_seconds) {
  const std::int64_t done = state.iteration - iterations_before;
  if (done <= 0) return {};
  const double each = elapsed_seconds / static_cast<double>(done);
  const std::int64_t left = std::max<std::int64_t>(0, state.total - state.iteration);
  return {each, each * static_cast<double>(left)};
}

std::string format_duration(double seconds) {
  const long long whole = std::llround(seconds);
  const long long hours = whole / 3600, minutes = whole / 60 % 60, rest = whole % 60;
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, rest);
  return fmt::format("{}:{:02}", minutes, rest);
}

std::string format_bar(std::int64_t done, std::int64_t total, std::size_t width) {
  const double part =
      total > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0)
                : 1.0;
  const auto filled = static_cast<std::size_t>(part * static_cast<double>(width));
  std::string bar(filled, '=');
  if (filled < width) bar += '>';
  bar.resize(width, ' ');
  return "[" + bar + "]";
}

std::string log_line(const std::string& name, const ProgressState& state, const Pace& pace) {
  return line(name, state, pace, {.bar = false});
}

std::string bar_line(const std::string& name, const ProgressState& state, const Pace& pace,
                     std::size_t columns) {
  std::string text;
  for (const Shown& shown :
       {Shown{}, Shown{.speed = false}, Shown{.model_time = false, .speed = false},
        Shown{.bar = false, .model_time = false, .speed = false}}) {
    text = line(name, state, pace, shown);
    if (text.size() <= columns) return text;
  }
  return text.substr(0, columns);
}

std::string summary_line(const std::string& name, std::int64_t iterations, double elapsed_seconds,
                         const std::vector<std::pair<std::string, double>>& phase_times,
                         std::optional<double> one_thread) {
  std::vector<std::string> phases;
  for (const auto& [phase, seconds] : phase_times) {
    const double percent = elapsed_seconds > 0.0 ? 100.0 * seconds / elapsed_seconds : 0.0;
    phases.push_back(fmt::format("{} {:.1f} s {:.0f} %", phase, seconds, percent));
  }
  std::string text = fmt::format("{}  done: {} iteration{} in {:.1f} s", name, iterations,
                                 iterations == 1 ? "" : "s", elapsed_seconds);
  if (!phases.empty()) text += fmt::format(" ({})", fmt::join(phases, ", "));
  if (one_thread) text += fmt::format(", {:.0f} % of steps on one thread", 100.0 * *one_thread);
  return text;
}

}  // namespace eprop::examples
