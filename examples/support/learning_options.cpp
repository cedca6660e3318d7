#include "support/learning_options.hpp"

#include <filesystem>

namespace eprop::examples {
namespace {

bool same_file(const std::string& a, const std::string& b) {
  std::error_code error;  // one of them may not exist
  return std::filesystem::equivalent(a, b, error);
}

}  // namespace

void add_learning_options(CLI::App& app, Options& options) {
  add_option(app, "--eta", options.eta, "learning rate of training, as the optimizer gets it",
             "RATE")
      ->transform(number([](double eta) { return eta >= 0.0; }, "of at least 0"));
  add_option(app, "--eta-decay", options.eta_decay,
             "factor by which the learning rate is multiplied after each training iteration",
             "FACTOR")
      ->transform(number([](double decay) { return decay > 0.0 && decay <= 1.0; },
                         "above 0 and at most 1"));
  add_option(app, "--initial-weights", options.initial_weights,
             "output file or checkpoint of another training, to start with its last weights "
             "[default: none, drawn]",
             "FILE");
}

void check_learning_options(const Options& options) {
  if (options.initial_weights.empty()) return;
  const auto refuse = [](const std::string& rule) {
    throw CLI::ValidationError("--initial-weights", rule);
  };
  if (!options.resume.empty()) {
    refuse("must not be given with --resume: the checkpoint brings the weights");
  }
  if (same_file(options.initial_weights, options.output)) {
    refuse(fmt::format("must not be the output file, '{}'", options.output));
  }
}

LearningRateSchedule learning_rates(const Options& options) {
  return {ExponentialLearningRate{.eta = options.eta, .decay = options.eta_decay}};
}

}  // namespace eprop::examples
