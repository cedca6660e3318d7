#pragma once

#include <cstdint>

#include "support/options.hpp"

/// What training starts from and how fast it learns.
namespace eprop::examples {

/// Adds --eta, --eta-decay and --initial-weights to `app`.
void add_learning_options(CLI::App& app, Options& options);

/// Throws CLI::ValidationError if options contradict one another.
void check_learning_options(const Options& options);

/// The learning rate of training iteration `n`, from 0: eta * decay^n. It depends on n alone, not
/// on the rates before, so a resumed training has the same.
[[nodiscard]] double learning_rate(double eta, double decay, std::int64_t n);

}  // namespace eprop::examples
