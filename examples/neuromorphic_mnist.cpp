#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "eprop/datasets/digits.hpp"
#include "eprop/sample_reader.hpp"
#include "support/example.hpp"
#include "support/tutorial_network.hpp"

/// Digits seen by an event camera (N-MNIST, Orchard et al. 2015), told apart with e-prop at every
/// transmission (Korcsak-Gorzo et al. 2025) in a sparse network.
namespace {

using namespace eprop;
using namespace eprop::examples;

constexpr Step sequence_steps = 300, window_steps = 10;
constexpr std::uint32_t n_rec = 150;
constexpr double kappa = 0.99, leak = 1.0 - kappa, cutoff_ms = 100.0;
constexpr StepGrid grid{.duration = datasets::digit_duration, .steps = sequence_steps};
constexpr std::size_t synthetic_training = 60000, synthetic_test = 10000;

struct DigitOptions {
  std::string data = "synthetic";
  std::int64_t test_iterations = 5;
  std::vector<std::uint32_t> labels = datasets::all_digits();
};

DatasetSplit open_dataset(const DigitOptions& digits, std::uint32_t seed) {
  if (digits.data == "synthetic") {
    return datasets::drawn_digits(seed, synthetic_training, synthetic_test, digits.labels);
  }
  return datasets::read_digits(digits.data, seed, digits.labels);
}

/// Each synapse exists with probability p.
Matrix draw_mask(LegacyRandom& random, const Matrix& shape, double p) {
  const auto drawn = random.choice(shape.rows * shape.cols, 1.0 - p, p);
  return Matrix::from_rows(shape.rows, shape.cols, std::vector<double>(drawn.begin(), drawn.end()));
}

class NeuromorphicMnist : public Task {
 public:
  NeuromorphicMnist(const Options& options, const DigitOptions& digits)
      : Task({.seed = options.seed}),
        labels_(digits.labels),
        dataset_(open_dataset(digits, options.seed)),
        channels_(select_active_channels(*dataset_.training, grid)) {
    name = "neuromorphic_mnist";
    sequence = sequence_steps;
    window = window_steps;
    batch_size = options.batch_size;
    classifies = true;
    plan = {.iterations = options.iterations, .test_iterations = digits.test_iterations};
    open_readers(options.seed);
    build(options);
  }

  std::vector<Sample> next(Phase phase) override {
    const auto batch = (phase == Phase::training ? *training_ : *test_).next();
    std::vector<Sample> samples;
    for (const auto& encoded : batch) {
      samples.push_back(sample_of(encoded));
      late_events_ += encoded.input.late;
      late_samples_ += encoded.input.late > 0 ? 1 : 0;
    }
    samples.resize(static_cast<std::size_t>(batch_size), empty_sample());
    return samples;
  }

  [[nodiscard]] std::vector<std::string> warnings() const override {
    if (late_events_ == 0) return {};
    constexpr double step_ms = datasets::digit_duration / sequence_steps;
    return {
        fmt::format("{} events of {} samples come after the {} steps of a sample, later than "
                    "{:.2f} ms: they were left out",
                    late_events_, late_samples_, sequence_steps, (sequence_steps - 0.5) * step_ms)};
  }

 private:
  void open_readers(std::uint64_t seed) {
    const auto batch = static_cast<std::size_t>(batch_size);
    const auto open = [&](const auto& dataset, std::int64_t iterations, std::uint64_t order_seed) {
      const auto samples = batch * static_cast<std::size_t>(iterations);
      return std::make_unique<SampleReader>(
          dataset, InputEncoding{channels_, grid},
          ReaderOptions{.samples = samples, .batch = batch, .seed = order_seed});
    };
    training_ = open(dataset_.training, plan.iterations, 2 * seed);
    test_ = open(dataset_.test, plan.test_iterations, 2 * seed + 1);
  }

  void build(const Options& options) {
    const auto n_in = channels_.inputs();
    const auto n_out = static_cast<std::uint32_t>(labels_.size());
    LegacyRandom random(options.seed);
    auto weights = draw_weights(random, n_in, n_rec, n_out, ReadoutWeights::uniform);
    TutorialMasks masks;
    masks.in_rec = draw_mask(random, weights.in_rec, 0.25);
    masks.rec_rec = draw_mask(random, weights.rec_rec, 0.01);
    masks.rec_out = draw_mask(random, weights.rec_out, 1.0);
    weights.rec_out = weights.rec_out.scaled(leak);
    weights.out_rec = weights.out_rec.divided(leak);
    build_tutorial_network(*this, n_in, {{"rec", n_rec, neuron()}}, n_out, readout(), weights,
                           synapse(), masks);
    window_signal = network.add("window", StepRates{{}, {{}}});
    network.connect_rate(*window_signal, out, RateReceptor::learning_window);
  }

  static NeuronModel neuron() {
    EpropIaf m;
    m.C_m = 1.0;
    m.E_L = 0.0;
    m.t_ref = 0.0;
    m.tau_m = 30.0;
    m.V_th = 0.6;
    m.c_reg = 2.0 / sequence_steps / (leak * leak);
    m.f_target = 10.0;
    m.kappa = kappa;
    m.kappa_reg = kappa;
    m.eprop_isi_trace_cutoff = cutoff_ms;
    m.surrogate_gradient_height = 0.5;
    m.surrogate_gradient_width = 1.0 / 1.7;
    return m;
  }

  static NeuronModel readout() {
    EpropReadout m;
    m.C_m = 1.0;
    m.tau_m = 100.0;
    m.eprop_isi_trace_cutoff = cutoff_ms;
    return m;
  }

  [[nodiscard]] SynapseModel synapse() const {
    EpropSynapse s;
    s.optimize_each_step = false;
    GradientDescent optimizer;
    s.optimizer = optimizer;
    return s;
  }

  [[nodiscard]] Sample empty_sample() const {
    Sample sample;
    sample.spikes.resize(channels_.inputs());
    sample.target_steps = {0};
    sample.target.assign(labels_.size(), {0.0});
    return sample;
  }

  [[nodiscard]] Sample sample_of(const EncodedSample& encoded) const {
    auto sample = empty_sample();
    sample.spikes = encoded.input.spikes;
    const auto found = std::find(labels_.begin(), labels_.end(), encoded.label);
    sample.label = static_cast<int>(found - labels_.begin());
    sample.target[static_cast<std::size_t>(sample.label)] = {1.0};
    return sample;
  }

  std::vector<std::uint32_t> labels_;
  DatasetSplit dataset_;
  ChannelMap channels_;
  std::unique_ptr<SampleReader> training_, test_;
  std::size_t late_events_ = 0, late_samples_ = 0;
};

void sort_labels(std::vector<std::uint32_t>& labels) {
  std::ranges::sort(labels);
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
}

/// Finds damaged files among those that the training may come to.
std::vector<std::string> check_input(const Options& options, const DigitOptions& digits) {
  if (digits.data == "synthetic") return {};
  std::vector<std::string> warnings;
  if (const auto left_out = datasets::check_digits(digits.data, digits.labels); !left_out.empty()) {
    warnings.push_back(fmt::format("{} in the folders of --data {} no .bin file and left out: {}{}",
                                   left_out.size(), left_out.size() == 1 ? "is" : "are",
                                   left_out.front().string(), left_out.size() > 1 ? ", ..." : ""));
  }
  const auto samples = options.batch_size * digits.test_iterations;
  const auto available =
      datasets::read_digits(digits.data, options.seed, digits.labels).test->size();
  if (std::cmp_greater(samples, available)) {
    warnings.push_back(
        fmt::format("the test takes {} samples of {}, so samples repeat", samples, available));
  }
  return warnings;
}

}  // namespace

int main(int argc, char** argv) {
  Example example{.name = "neuromorphic_mnist",
                  .description =
                      "Trains a sparse recurrent network to recognise digits seen by an "
                      "event camera (N-MNIST) with e-prop at every transmission "
                      "(Korcsak-Gorzo et al. 2025).",
                  .options = {.iterations = 50,
                              .batch_size = 100,
                              .eta = 5e-3 * leak * leak,
                              .output = "neuromorphic_mnist.h5"}};
  DigitOptions digits;
  example.add_options = [&](CLI::App& app) {
    add_option(app, "--data", digits.data,
               "folder of the N-MNIST data set, which holds Train and Test; or 'synthetic': a set "
               "of the same kind, drawn as needed",
               "DIR");
    add_whole_number(app, "--test-iterations", digits.test_iterations,
                     "iterations after training, on test samples with a learning rate of 0",
                     "ITERATIONS", 0);
    app.add_option("--labels", digits.labels, "digits to tell apart [default: all]")
        ->type_name("DIGIT,...")
        ->delimiter(',')
        ->check(CLI::Range(0, 9));
  };
  example.check_input = [&](const Options& options) {
    sort_labels(digits.labels);
    return check_input(options, digits);
  };
  example.make_task = [&](const Options& options) {
    sort_labels(digits.labels);
    return std::make_unique<NeuromorphicMnist>(options, digits);
  };
  return run_example(example, argc, argv);
}
