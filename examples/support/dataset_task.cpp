#include "support/dataset_task.hpp"

#include <algorithm>
#include <utility>

namespace eprop::examples {

void add_data_options(CLI::App& app, DataOptions& data, const std::string& files) {
  add_option(app, "--data", data.data,
             files + "; or 'synthetic': a set of the same kind, made as needed", "DIR");
  add_whole_number(app, "--test-iterations", data.test_iterations,
                   "iterations after training, on test samples with a learning rate of 0",
                   "ITERATIONS", 0);
}

std::vector<std::string> test_warnings(const Options& options, const DataOptions& data,
                                       const Dataset& test) {
  const auto samples = options.batch_size * data.test_iterations;
  if (!std::cmp_greater(samples, test.size())) return {};
  return {fmt::format("the test takes {} samples of {}, so samples repeat", samples, test.size())};
}

DatasetTask::DatasetTask(const NetworkOptions& network_options, const Options& options,
                         const DataOptions& data, LabelledInput input)
    : Task(network_options), input_(std::move(input)) {
  sequence = input_.encoding.grid.steps;
  batch_size = options.batch_size;
  classifies = true;
  draws_ahead = true;
  plan = {.iterations = options.iterations, .test_iterations = data.test_iterations};
  const std::uint64_t seed = options.seed;
  training_ = reader(input_.dataset.training, plan.iterations, 2 * seed);
  test_ = reader(input_.dataset.test, plan.test_iterations, 2 * seed + 1);
}

std::unique_ptr<SampleReader> DatasetTask::reader(const std::shared_ptr<const Dataset>& dataset,
                                                  std::int64_t iterations,
                                                  std::uint64_t seed) const {
  const auto batch = static_cast<std::size_t>(batch_size);
  const auto samples = batch * static_cast<std::size_t>(iterations);
  return std::make_unique<SampleReader>(
      dataset, input_.encoding, ReaderOptions{.samples = samples, .batch = batch, .seed = seed});
}

std::vector<Sample> DatasetTask::next(Phase phase) {
  std::vector<Sample> samples;
  for (auto& encoded : (phase == Phase::training ? *training_ : *test_).next()) {
    late_spikes_ += encoded.input.late;
    late_samples_ += encoded.input.late > 0 ? 1 : 0;
    samples.push_back(sample_of(std::move(encoded)));
  }
  // When all iterations have theirs.
  while (std::cmp_less(samples.size(), batch_size)) {
    samples.push_back(unlabelled(std::vector<std::vector<Step>>(inputs())));
  }
  return samples;
}

std::vector<std::string> DatasetTask::warnings() const {
  if (late_spikes_ == 0) return {};
  const auto& [duration, steps] = input_.encoding.grid;
  const auto n = static_cast<double>(steps);
  return {
      fmt::format("{} spikes of {} samples come after the {} steps of a sample, later than "
                  "{:.2f} ms: they were left out",
                  late_spikes_, late_samples_, steps, (n - 0.5) * duration / n)};
}

Sample DatasetTask::unlabelled(std::vector<std::vector<Step>> spikes) const {
  Sample sample;
  sample.spikes = std::move(spikes);
  sample.target_steps = {0};
  sample.target.assign(readouts(), {0.0});
  return sample;
}

Sample DatasetTask::sample_of(EncodedSample&& encoded) const {
  Sample sample = unlabelled(std::move(encoded.input.spikes));
  const auto found = std::ranges::find(input_.labels, encoded.label);
  sample.label = static_cast<int>(found - input_.labels.begin());
  sample.target[static_cast<std::size_t>(sample.label)] = {1.0};
  return sample;
}

}  // namespace eprop::examples
