#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace eprop::examples {

/// Where a training run stands.
struct ProgressState {
  std::int64_t iteration = 0;   ///< iterations done
  std::int64_t total = 0;       ///< iterations to do
  double model_time = 0.0;      ///< simulated so far, ms
  double loss = 0.0;            ///< of the iteration just done
  std::optional<double> error;  ///< fraction of samples classified wrongly in it
  std::string phase;            ///< what it served, such as "validation"; may be empty
};

/// What a Progress writes to and tells the time by; exchanged in tests.
struct ProgressSurface {
  std::ostream* stream;           ///< nullptr: write nothing
  bool terminal;                  ///< whether a line can be drawn over
  std::function<int()> columns;   ///< width of the terminal, characters
  std::function<double()> clock;  ///< monotonic, s

  /// stderr as it is.
  static ProgressSurface standard_error();
};

/// Shows on stderr how training goes: on a terminal a line with a bar that is redrawn, at most ten
/// times a second; in a log a line after the first iteration shown, the last one, and in between
/// every five seconds at most. Speed and remaining time are means since construction. For one rank:
/// the others construct it quiet.
class Progress {
 public:
  /// `name` starts every line. `iterations_before` are those a resumed run did earlier.
  Progress(std::string name, bool quiet, std::int64_t iterations_before = 0,
           ProgressSurface surface = ProgressSurface::standard_error());

  /// Ends a line that is being drawn, so that an error message starts on one of its own.
  ~Progress();

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// For the caller to call after every iteration.
  void update(const ProgressState& state);

  /// Shows the last state, if that was left out, and sums up in one line: the time since
  /// construction, that of each phase of the simulator (name, s), and the share of steps that one
  /// of several threads has done, if given. Later calls of any kind show nothing.
  void finish(const std::vector<std::pair<std::string, double>>& phase_times,
              std::optional<double> one_thread = {});

 private:
  void show(double now);
  void draw_over(const std::string& line);
  void end_line();

  std::string name_;
  std::int64_t iterations_before_;
  ProgressSurface surface_;
  double start_;                         // s
  std::optional<double> shown_at_;       // s; nothing before the first line
  std::optional<ProgressState> latest_;  // nothing before the first update
  bool latest_is_shown_ = false;
  std::size_t drawn_width_ = 0;  // characters on the line being drawn; 0: none
};

}  // namespace eprop::examples
