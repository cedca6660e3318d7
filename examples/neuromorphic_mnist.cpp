#include <algorithm>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <utility>

#include "eprop/datasets/digits.hpp"
#include "support/dataset_task.hpp"
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

struct DigitOptions : DataOptions {
  std::vector<std::uint32_t> labels = datasets::all_digits();  ///< ascending
  std::string write_data;  ///< folder for the made-up recordings as files; empty: none
};

LabelledInput open_input(const DigitOptions& digits, std::uint32_t seed) {
  DatasetSplit dataset =
      digits.synthetic()
          ? datasets::drawn_digits(seed, synthetic_training, synthetic_test, digits.labels)
          : datasets::read_digits(digits.data, seed, digits.labels);
  ChannelMap channels = select_active_channels(*dataset.training, grid);
  return {std::move(dataset), {std::move(channels), grid}, digits.labels};
}

/// Each synapse exists with probability p.
Matrix draw_mask(LegacyRandom& random, const Matrix& shape, double p) {
  const auto drawn = random.choice(shape.rows * shape.cols, 1.0 - p, p);
  return Matrix::from_rows(shape.rows, shape.cols, std::vector<double>(drawn.begin(), drawn.end()));
}

class NeuromorphicMnist : public DatasetTask {
 public:
  NeuromorphicMnist(const Options& options, const DigitOptions& digits)
      : DatasetTask({.seed = options.seed}, options, digits, open_input(digits, options.seed)) {
    name = "neuromorphic_mnist";
    window = window_steps;
    build(options);
  }

 private:
  void build(const Options& options) {
    const auto n_in = inputs(), n_out = readouts();
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

  static SynapseModel synapse() {
    EpropSynapse s;
    s.optimize_each_step = false;
    GradientDescent optimizer;
    s.optimizer = optimizer;
    return s;
  }
};

void sort_labels(std::vector<std::uint32_t>& labels) {
  std::ranges::sort(labels);
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
}

/// The data to train on: files that were written, if so.
DigitOptions with_files(DigitOptions digits) {
  if (!digits.write_data.empty()) digits.data = digits.write_data;
  return digits;
}

/// Writes as many recordings as the training and its test take, at most all there are.
void write_data(const Options& options, const DigitOptions& digits) {
  if (!digits.synthetic()) {
    throw std::invalid_argument(
        fmt::format("--write-data: {}: needs --data synthetic", digits.write_data));
  }
  const auto set =
      datasets::drawn_digits(options.seed, synthetic_training, synthetic_test, digits.labels);
  const std::filesystem::path folder(digits.write_data);
  const auto write = [&](const Dataset& dataset, std::int64_t iterations, const char* name) {
    const auto wanted = static_cast<std::size_t>(iterations * options.batch_size);
    const auto samples = std::clamp(wanted, digits.labels.size(), dataset.size());  // of each digit
    datasets::write_digits(dataset, samples, folder / name);
  };
  write(*set.training, options.iterations, "Train");
  write(*set.test, digits.test_iterations, "Test");
}

/// Finds damaged files among those that the training may come to.
std::vector<std::string> check_input(const Options& options, const DigitOptions& digits) {
  if (digits.synthetic()) return {};
  std::vector<std::string> warnings;
  if (const auto left_out = datasets::check_digits(digits.data, digits.labels); !left_out.empty()) {
    warnings.push_back(fmt::format("{} in the folders of --data {} no .bin file and left out: {}{}",
                                   left_out.size(), left_out.size() == 1 ? "is" : "are",
                                   left_out.front().string(), left_out.size() > 1 ? ", ..." : ""));
  }
  const auto test = datasets::read_digits(digits.data, options.seed, digits.labels).test;
  for (auto& warning : test_warnings(options, digits, *test)) {
    warnings.push_back(std::move(warning));
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
    add_data_options(app, digits,
                     "folder of N-MNIST, which holds Train and Test, or of the four files of "
                     "MNIST, at which a simulated event camera looks");
    add_option(app, "--write-data", digits.write_data,
               "write the made-up recordings that the training and its test take as files of "
               "N-MNIST into this folder, and train on these",
               "DIR")
        ->excludes("--describe");
    app.add_option("--labels", digits.labels, "digits to tell apart [default: all]")
        ->type_name("DIGIT,...")
        ->delimiter(',')
        ->check(CLI::Range(0, 9));
  };
  example.check_input = [&](const Options& options) {
    sort_labels(digits.labels);
    if (!digits.write_data.empty()) write_data(options, digits);
    return check_input(options, with_files(digits));
  };
  example.make_task = [&](const Options& options) {
    sort_labels(digits.labels);
    return std::make_unique<NeuromorphicMnist>(options, with_files(digits));
  };
  return run_example(example, argc, argv);
}
