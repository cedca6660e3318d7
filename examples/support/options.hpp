#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace eprop::examples {

/// What every example can be told on its command line. An example sets its own defaults before it
/// calls add_shared_options.
struct Options {
  std::int64_t iterations = 1;              ///< training iterations, at least 0
  std::int64_t batch_size = 1;              ///< samples per iteration, at least 1
  double eta = 1e-4;                        ///< learning rate of training, at least 0
  double eta_decay = 1.0;                   ///< factor by which it falls, in (0, 1]
  std::string lr_schedule = "exponential";  ///< its course: constant, step, exponential, cosine
  std::int64_t lr_step = 0;       ///< training iterations from one step to the next; 0: not given
  double lr_floor = 0.0;          ///< below which it does not fall, at least 0
  std::int64_t lr_warm_up = 0;    ///< training iterations in which it rises first, at least 0
  std::string initial_weights;    ///< file with the weights to start with; empty: drawn
  std::uint32_t seed = 1;         ///< of all random numbers
  int threads = 1;                ///< OpenMP threads on each MPI rank, at least 1
  int replicas = 0;               ///< of the network, at least 1; 0: as many as possible
  std::string output = "run.h5";  ///< HDF5 file with the results
  bool record = true;             ///< whether signals and spikes are recorded
  std::int64_t checkpoint_every = 0;  ///< iterations between checkpoints; 0: none
  double checkpoint_minutes = 0.0;    ///< of wall time between checkpoints; 0: none
  std::string checkpoint_dir = "checkpoints";
  bool overwrite = false;  ///< replace what an earlier run has written
  std::string resume;      ///< checkpoint to continue from, auto or latest; empty: start anew
  bool quiet = false;      ///< no progress on stderr
  bool describe = false;   ///< print what would run, and end
};

/// Accepts finite numbers that keep to a rule, which completes "must be a number"; for
/// CLI::Option::transform.
CLI::Validator number(bool (*keeps)(double), const std::string& rule);

/// Accepts whole decimal numbers from `low` to `high`; for CLI::Option::transform, as it spells
/// them without the leading zeros that CLI11 would take for an octal number.
CLI::Validator whole_number(std::int64_t low, std::int64_t high);

/// Adds the options above to `app`, with the current values of `options` as defaults. Both must
/// outlive the parsing.
void add_shared_options(CLI::App& app, Options& options);

/// Adds an option of the task's own to `app`, in the shared style: --help shows `unit` as the name
/// of the value and the current `value` as its default, and none where it is an empty string.
template <class T>
CLI::Option* add_option(CLI::App& app, const std::string& name, T& value,
                        const std::string& description, const std::string& unit) {
  const std::string shown = fmt::format("{}", value);
  return app
      .add_option(name, value,
                  shown.empty() ? description : fmt::format("{} [default: {}]", description, shown))
      ->type_name(unit);
}

/// The same for a whole number, refused unless decimal, at least `low` and within the range of T.
template <std::integral T>
CLI::Option* add_whole_number(CLI::App& app, const std::string& name, T& value,
                              const std::string& description, const std::string& unit,
                              std::int64_t low) {
  static_assert(std::in_range<std::int64_t>(std::numeric_limits<T>::max()));
  return add_option(app, name, value, description, unit)
      ->transform(whole_number(low, std::numeric_limits<T>::max()));
}

/// Adds --threads, without which parse_command_line() takes the first number in OMP_NUM_THREADS,
/// else 1.
void add_threads_option(CLI::App& app, int& threads);

/// Adds --describe.
void add_describe_option(CLI::App& app, bool& describe);

/// Parses the command line of a program with --threads, with every MPI rank alike; `print` on one
/// of them. `check` looks at what it says as a whole, and throws CLI::ParseError. Returns nothing
/// if the program shall run, else the exit code: 0 after --help (to stdout), 2 after an error,
/// reported in one line on stderr. `app` must have a name.
std::optional<int> parse_command_line(CLI::App& app, int& threads, int argc,
                                      const char* const* argv, bool print,
                                      const std::function<void()>& check);

/// The same with the shared options, which `app` must hold.
std::optional<int> parse(CLI::App& app, Options& options, int argc, const char* const* argv,
                         bool print);

}  // namespace eprop::examples
