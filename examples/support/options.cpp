#include "support/options.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "support/learning_options.hpp"

namespace eprop::examples {

namespace {

constexpr int usage_error = 2;  // exit code
constexpr std::int64_t most_threads = 1024;
constexpr std::int64_t most_replicas = 1'000'000;

std::optional<std::int64_t> parse_whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || rest != text.data() + text.size()) return {};
  return value;
}

/// Empty if `text` is a whole number in range, else what is wrong.
std::string problem_with(std::string_view text, std::int64_t low, std::int64_t high) {
  const std::optional<std::int64_t> value = parse_whole_number(text);
  if (value && *value >= low && *value <= high) return "";
  // What is too large for any number is too large here.
  if (!value && text.size() > 18 && text.find_first_not_of("0123456789") == text.npos) {
    return fmt::format("must be at most {}, not '{}'", high, text);
  }
  if (high == std::numeric_limits<std::int64_t>::max()) {
    return fmt::format("must be a whole number of at least {}, not '{}'", low, text);
  }
  return fmt::format("must be a whole number from {} to {}, not '{}'", low, high, text);
}

/// The number that all of `text` spells, if it is a finite one.
std::optional<double> parse_number(std::string_view text) {
  double value = 0.0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || rest != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

int threads_from_environment() {
  const char* const setting = std::getenv("OMP_NUM_THREADS");
  if (setting == nullptr || *setting == '\0') return 1;
  // OpenMP allows a list, one number per level of nesting, with blanks around each.
  std::string_view first(setting);
  first = first.substr(0, first.find(','));
  first.remove_prefix(std::min(first.find_first_not_of(" \t"), first.size()));
  first = first.substr(0, first.find_last_not_of(" \t") + 1);
  const std::string problem = problem_with(first, 1, most_threads);
  if (!problem.empty()) throw CLI::ValidationError("environment variable OMP_NUM_THREADS", problem);
  return static_cast<int>(*parse_whole_number(first));
}

/// Accepts a number of replicas, or auto, which is 0.
CLI::Validator replicas() {
  return CLI::Validator(
      [](std::string& text) {
        const bool chosen = text == "auto";
        if (!chosen && !problem_with(text, 1, most_replicas).empty()) {
          return fmt::format("must be auto or a whole number from 1 to {}, not '{}'", most_replicas,
                             text);
        }
        text = chosen ? "0" : std::to_string(*parse_whole_number(text));
        return std::string();
      },
      "");
}

/// Names and texts only: defaults and units stand in the texts.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(34); }

  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    if (option->check_lname("record")) return "--record, --no-record";
    return CLI::Formatter::make_option_name(option, is_positional);
  }
};

}  // namespace

CLI::Validator number(bool (*keeps)(double), const std::string& rule) {
  return CLI::Validator(
      [=](std::string& text) {
        const auto value = parse_number(text);
        if (!value || !keeps(*value)) {
          return fmt::format("must be a number {}, not '{}'", rule, text);
        }
        text = fmt::format("{:a}", *value);  // CLI11 would round a decimal one twice
        return std::string();
      },
      "");
}

CLI::Validator whole_number(std::int64_t low, std::int64_t high) {
  return CLI::Validator(
      [low, high](std::string& text) {
        std::string problem = problem_with(text, low, high);
        if (problem.empty()) text = std::to_string(*parse_whole_number(text));
        return problem;
      },
      "");
}

void add_threads_option(CLI::App& app, int& threads) {
  app.add_option("--threads", threads,
                 "OpenMP threads per MPI rank [default: OMP_NUM_THREADS, else 1]")
      ->type_name("THREADS")
      ->transform(whole_number(1, most_threads));
}

void add_describe_option(CLI::App& app, bool& describe) {
  app.add_flag("--describe", describe,
               "build the network on these ranks and threads, print what it consists of and the "
               "memory it takes, and end: nothing is simulated or written");
}

void add_shared_options(CLI::App& app, Options& options) {
  add_whole_number(app, "--iterations", options.iterations, "training iterations", "ITERATIONS", 0);
  add_whole_number(app, "--batch-size", options.batch_size, "samples per iteration", "SAMPLES", 1);
  add_learning_options(app, options);
  add_whole_number(app, "--seed", options.seed, "seed of all random numbers", "NUMBER", 0);
  add_threads_option(app, options.threads);
  app.add_option("--replicas", options.replicas,
                 "copies of the network that simulate the samples of an iteration side by side, or "
                 "auto: as many as the batch and the threads on all ranks allow [default: auto]")
      ->type_name("REPLICAS")
      ->transform(replicas());
  add_option(app, "--output", options.output, "HDF5 file with the results", "FILE");
  app.add_flag("--record,!--no-record", options.record,
               fmt::format("record signals, spikes and weights over time or not [default: {}]",
                           options.record ? "--record" : "--no-record"));
  app.add_flag("--overwrite", options.overwrite,
               "replace the output file and the checkpoints of an earlier run, even one that may "
               "still be going on [default: refuse]");
  add_whole_number(app, "--checkpoint-every", options.checkpoint_every,
                   "iterations between checkpoints, 0 for none", "ITERATIONS", 0);
  add_option(app, "--checkpoint-minutes", options.checkpoint_minutes,
             "minutes between checkpoints, maybe fractions, 0 for none", "MINUTES")
      ->transform(number([](double minutes) { return minutes >= 0.0; }, "of at least 0"));
  add_option(app, "--checkpoint-dir", options.checkpoint_dir, "folder for checkpoints", "FOLDER");
  add_option(app, "--resume", options.resume,
             "checkpoint to continue from, or latest: the newest good one in --checkpoint-dir, or "
             "auto: the same, and start anew if there is none [default: none, start anew]",
             "CHECKPOINT");
  app.add_flag("--quiet", options.quiet, "no progress on stderr");
  add_describe_option(app, options.describe);
}

std::optional<int> parse_command_line(CLI::App& app, int& threads, int argc,
                                      const char* const* argv, bool print,
                                      const std::function<void()>& check) {
  app.formatter(std::make_shared<HelpFormatter>());
  try {
    app.parse(argc, argv);
    if (app.count("--threads") == 0) threads = threads_from_environment();
    check();
  } catch (const CLI::CallForHelp&) {
    if (print) fmt::print("{}", app.help());
    return EXIT_SUCCESS;
  } catch (const CLI::ParseError& error) {
    if (print) {
      fmt::print(stderr, "{}: error: {} (see --help)\n", app.get_name(), error.what());
    }
    return usage_error;
  }
  return std::nullopt;
}

std::optional<int> parse(CLI::App& app, Options& options, int argc, const char* const* argv,
                         bool print) {
  return parse_command_line(app, options.threads, argc, argv, print, [&] {
    for (const auto& [name, path] : {std::pair{"--output", options.output},
                                     std::pair{"--checkpoint-dir", options.checkpoint_dir},
                                     std::pair{"--resume", options.resume},
                                     std::pair{"--initial-weights", options.initial_weights}}) {
      const auto* option = app.get_option_no_throw(name);
      if (option != nullptr && option->count() > 0 && path.empty()) {
        throw CLI::ValidationError(name, "must be a path, not ''");
      }
    }
    check_learning_options(app, options);
  });
}

}  // namespace eprop::examples
