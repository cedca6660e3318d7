#include "support/learning_options.hpp"

#include <algorithm>
#include <filesystem>

namespace eprop::examples {
namespace {

bool same_file(const std::string& a, const std::string& b) {
  std::error_code error;  // one of them may not exist
  return std::filesystem::equivalent(a, b, error);
}

[[noreturn]] void refuse(const std::string& option, const std::string& rule) {
  throw CLI::ValidationError(option, rule);
}

void add_course_options(CLI::App& app, Options& options) {
  add_option(app, "--lr-schedule", options.lr_schedule,
             "course of the learning rate: constant; step: times --eta-decay after every --lr-step "
             "training iterations; exponential: times --eta-decay after each; cosine: down to "
             "--lr-floor in the course of --iterations",
             "NAME")
      ->check(CLI::IsMember({"constant", "step", "exponential", "cosine"}));
  add_option(app, "--eta-decay", options.eta_decay,
             "factor by which the learning rate is multiplied, after each training iteration or "
             "step",
             "FACTOR")
      ->transform(number([](double decay) { return decay > 0.0 && decay <= 1.0; },
                         "above 0 and at most 1"));
  app.add_option(
         "--lr-step", options.lr_step,
         "training iterations from one step of the learning rate to the next [default: none]")
      ->type_name("ITERATIONS")
      ->transform(whole_number(1, std::numeric_limits<std::int64_t>::max()));
  add_option(app, "--lr-floor", options.lr_floor, "learning rate that is not fallen below", "RATE")
      ->transform(number([](double floor) { return floor >= 0.0; }, "of at least 0"));
  add_whole_number(app, "--lr-warm-up", options.lr_warm_up,
                   "training iterations before all that, in which the learning rate rises linearly "
                   "to --eta",
                   "ITERATIONS", 0);
}

void check_course(const CLI::App& app, const Options& options) {
  const auto given = [&](const char* option) { return app.count(option) > 0; };
  const auto with = "--lr-schedule " + options.lr_schedule;
  const bool steps = options.lr_schedule == "step", is_cosine = options.lr_schedule == "cosine",
             is_constant = options.lr_schedule == "constant";
  if (given("--eta-decay") && (is_constant || is_cosine)) {
    refuse("--eta-decay", "must not be given with " + with + ", which does not decay by a factor");
  }
  if (given("--lr-step") && !steps) {
    refuse("--lr-step", "must not be given with " + with + ", which has no steps");
  }
  if (given("--lr-floor") && is_constant) {
    refuse("--lr-floor", "must not be given with " + with + ", which does not fall");
  }
  for (const auto* option : {"--eta-decay", "--lr-step"}) {
    if (steps && !given(option)) refuse(option, "must be given with " + with);
  }
  if (options.lr_floor > options.eta) {
    refuse("--lr-floor",
           fmt::format("must be at most --eta = {}, not {}", options.eta, options.lr_floor));
  }
  if (is_cosine && options.lr_warm_up > 0 && options.lr_warm_up >= options.iterations) {
    refuse("--lr-warm-up", fmt::format("must be below --iterations = {} with {}, not {}",
                                       options.iterations, with, options.lr_warm_up));
  }
}

void check_initial_weights(const Options& options) {
  if (options.initial_weights.empty()) return;
  if (!options.resume.empty() && options.resume != "auto") {
    refuse("--initial-weights",
           "must not be given with --resume: the checkpoint brings the weights");
  }
  if (same_file(options.initial_weights, options.output)) {
    refuse("--initial-weights", fmt::format("must not be the output file, '{}'", options.output));
  }
}

}  // namespace

void add_learning_options(CLI::App& app, Options& options) {
  add_option(app, "--eta", options.eta, "learning rate of training, as the optimizer gets it",
             "RATE")
      ->transform(number([](double eta) { return eta >= 0.0; }, "of at least 0"));
  add_course_options(app, options);
  add_option(app, "--initial-weights", options.initial_weights,
             "output file or checkpoint of another training, to start with its last weights "
             "[default: none, drawn]",
             "FILE");
}

void check_learning_options(const CLI::App& app, const Options& options) {
  check_course(app, options);
  check_initial_weights(options);
}

LearningRateSchedule learning_rates(const Options& options) {
  const double eta = options.eta, decay = options.eta_decay, floor = options.lr_floor;
  LearningRateSchedule schedule{.rate = ConstantLearningRate{eta}, .warm_up = options.lr_warm_up};
  if (options.lr_schedule == "step") {
    schedule.rate = StepLearningRate{eta, decay, options.lr_step, floor};
  } else if (options.lr_schedule == "exponential") {
    schedule.rate = ExponentialLearningRate{eta, decay, floor};
  } else if (options.lr_schedule == "cosine") {
    const auto after_warm_up = options.iterations - options.lr_warm_up;
    schedule.rate = CosineLearningRate{eta, std::max<std::int64_t>(1, after_warm_up), floor};
  }
  return schedule;
}

}  // namespace eprop::examples
