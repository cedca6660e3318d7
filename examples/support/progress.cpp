#include "support/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "support/progress_format.hpp"

namespace eprop::examples {

namespace {

constexpr double redraw_interval = 0.1;  // s, on a terminal
constexpr double log_interval = 5.0;     // s, in a log

int terminal_columns() {
  winsize size{};
  constexpr int usual = 80;
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return size.ws_col;
}

double steady_seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

}  // namespace

ProgressSurface ProgressSurface::standard_error() {
  return {&std::cerr, isatty(STDERR_FILENO) == 1, terminal_columns, steady_seconds};
}

Progress::Progress(std::string name, bool quiet, std::int64_t iterations_before,
                   ProgressSurface surface)
    : name_(std::move(name)),
      iterations_before_(iterations_before),
      surface_(std::move(surface)),
      start_(surface_.clock()) {
  if (quiet) surface_.stream = nullptr;
}

Progress::~Progress() { end_line(); }

void Progress::update(const ProgressState& state) {
  if (surface_.stream == nullptr) return;
  latest_ = state;
  latest_is_shown_ = false;
  const double now = surface_.clock();
  const double interval = surface_.terminal ? redraw_interval : log_interval;
  if (!shown_at_ || state.iteration >= state.total || now - *shown_at_ >= interval) show(now);
}

void Progress::finish(const std::vector<std::pair<std::string, double>>& phase_times,
                      std::optional<double> one_thread) {
  if (surface_.stream == nullptr) return;
  const double now = surface_.clock();
  if (latest_ && !latest_is_shown_) show(now);
  end_line();
  const std::int64_t done = latest_ ? latest_->iteration - iterations_before_ : 0;
  *surface_.stream << summary_line(name_, done, now - start_, phase_times, one_thread) << std::endl;
  surface_.stream = nullptr;
}

void Progress::show(double now) {
  const Pace current = pace(*latest_, iterations_before_, now - start_);
  if (surface_.terminal) {
    // The last column stays free: some terminals wrap as soon as it is written.
    const int columns = std::max(1, surface_.columns() - 1);
    draw_over(bar_line(name_, *latest_, current, static_cast<std::size_t>(columns)));
  } else {
    *surface_.stream << log_line(name_, *latest_, current) << std::endl;
  }
  shown_at_ = now;
  latest_is_shown_ = true;
}

void Progress::draw_over(const std::string& line) {
  const std::size_t leftover = drawn_width_ > line.size() ? drawn_width_ - line.size() : 0;
  *surface_.stream << '\r' << line << std::string(leftover, ' ') << std::flush;
  drawn_width_ = line.size();
}

void Progress::end_line() {
  if (drawn_width_ == 0) return;
  *surface_.stream << std::endl;
  drawn_width_ = 0;
}

}  // namespace eprop::examples
