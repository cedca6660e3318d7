#include "training/check_training.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/refuse.hpp"

namespace eprop::training {
namespace {

std::string thing_of(const Task& task) { return fmt::format("task '{}'", task.name); }

void require_at_least(std::string_view thing, std::string_view parameter, std::int64_t value,
                      std::int64_t least) {
  if (value < least) {
    core::refuse(thing, parameter, value, "", fmt::format("must be at least {}", least));
  }
}

void require_one_each(std::string_view thing, std::string_view parameter, std::size_t values,
                      std::size_t wanted, std::string_view of) {
  if (values != wanted) {
    core::refuse(thing, parameter, values, "values",
                 fmt::format("must be one for each of the {} {}", wanted, of));
  }
}

void check_plan(const TrainingPlan& plan) {
  constexpr auto thing = "training plan";
  require_at_least(thing, "iterations", plan.iterations, 0);
  require_at_least(thing, "validate_every", plan.validate_every, 0);
  require_at_least(thing, "stop_batches", plan.stop_batches, 1);
  require_at_least(thing, "test_iterations", plan.test_iterations, 0);
  if (!(plan.stop_error >= 0.0 && plan.stop_error <= 1.0)) {
    core::refuse(thing, "stop_error", plan.stop_error, "", "must be from 0 to 1");
  }
  if (plan.iterations > 0) (void)learning_rate(plan.learning_rate, 0);
}

void check_sample(const Task& task, const std::string& thing, const Sample& sample) {
  const auto readouts = task.network.at(task.out).size;
  require_one_each(thing, "spikes", sample.spikes.size(), task.network.at(task.in).size, "inputs");
  require_one_each(thing, "target", sample.target.size(), readouts, "readouts");
  for (const auto& target : sample.target) {
    require_one_each(thing, "target", target.size(), sample.target_steps.size(), "target_steps");
  }
  if (task.classifies && !(sample.label >= 0 && std::cmp_less(sample.label, readouts))) {
    core::refuse(thing, "label", sample.label, "",
                 fmt::format("must be from 0 to {}, the last readout", readouts - 1));
  }
}

}  // namespace

void check_task(const Task& task) {
  if (task.name.empty() || task.name.find('/') != std::string::npos) {
    core::refuse("task", "name", task.name, "", "must be part of a file name");
  }
  const auto thing = thing_of(task);
  require_at_least(thing, "batch_size", task.batch_size, 1);
  require_at_least(thing, "sequence", task.sequence, 1);
  require_at_least(thing, "window", task.window, 1);
  if (task.window > task.sequence) {
    core::refuse(thing, "window", task.window, "steps",
                 fmt::format("must be at most the {} steps of the sequence", task.sequence));
  }
  check_plan(task.plan);
}

void check_options(const TrainingOptions& options) {
  constexpr auto thing = "training options";
  require_at_least(thing, "checkpoint_every", options.checkpoint_every, 0);
  if (!(std::isfinite(options.checkpoint_minutes) && options.checkpoint_minutes >= 0.0)) {
    core::refuse(thing, "checkpoint_minutes", options.checkpoint_minutes, "",
                 "must be at least 0 and finite");
  }
  if (options.record && options.output.empty()) {
    core::refuse(thing, "record", options.record, "", "must have an output file");
  }
  if (!options.resume.empty() && options.resume != "auto" && !options.initial_weights.empty()) {
    core::refuse(thing, "initial_weights", options.initial_weights, "",
                 "must not be given with resume: the checkpoint brings the weights");
  }
}

void check_samples(const Task& task, const std::vector<Sample>& samples) {
  const auto thing = thing_of(task);
  if (!std::cmp_equal(samples.size(), task.batch_size)) {
    core::refuse(thing, "samples", samples.size(), "of an iteration",
                 fmt::format("must be batch_size = {}", task.batch_size));
  }
  for (std::size_t i = 0; i < samples.size(); ++i) {
    check_sample(task, fmt::format("{}, sample {} of an iteration", thing, i), samples[i]);
  }
}

}  // namespace eprop::training
