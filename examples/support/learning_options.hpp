#pragma once

#include "eprop/learning_rate_schedule.hpp"
#include "support/options.hpp"

/// What training starts from and how fast it learns.
namespace eprop::examples {

/// Adds --eta, its course (--eta-decay, --lr-...) and --initial-weights to `app`.
void add_learning_options(CLI::App& app, Options& options);

/// Throws CLI::ValidationError if options, parsed by `app`, contradict one another.
void check_learning_options(const CLI::App& app, const Options& options);

/// The learning rates that checked options ask for.
[[nodiscard]] LearningRateSchedule learning_rates(const Options& options);

}  // namespace eprop::examples
