#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include "eprop/datasets/heidelberg.hpp"
#include "support/dataset_task.hpp"
#include "support/example.hpp"
#include "support/tutorial_network.hpp"

/// Spoken digits as an inner ear hears them (Spiking Heidelberg Digits, Cramer et al. 2020), told
/// apart by adaptive neurons with e-prop by update intervals (Bellec et al. 2020): one for each
/// word.
namespace {

using namespace eprop;
using namespace eprop::examples;

constexpr Step sequence_steps = 200, window_steps = 100;
constexpr StepGrid grid{.duration = 1000.0, .steps = sequence_steps};
constexpr std::uint32_t n_rec = 200;
constexpr std::size_t synthetic_training = 8000, synthetic_test = 2000;

LabelledInput open_input(const DataOptions& data, std::uint32_t seed) {
  DatasetSplit dataset = data.synthetic()
                             ? datasets::made_up_words(seed, synthetic_training, synthetic_test)
                             : datasets::read_heidelberg(data.data);
  std::vector<std::uint32_t> labels(dataset.training->classes());
  std::iota(labels.begin(), labels.end(), 0U);
  return {std::move(dataset), {ChannelMap::all(datasets::ear_channels), grid}, std::move(labels)};
}

class HeidelbergDigits : public DatasetTask {
 public:
  HeidelbergDigits(const Options& options, const DataOptions& data)
      : DatasetTask({.seed = options.seed,
                     .update_interval = sequence_steps,
                     .learning_window = window_steps},
                    options, data, open_input(data, options.seed)) {
    name = "heidelberg_digits";
    window = window_steps;
    LegacyRandom random(options.seed);
    const auto weights = draw_weights(random, inputs(), n_rec, readouts(), ReadoutWeights::uniform);
    build_tutorial_network(*this, inputs(), {{"rec", n_rec, neuron()}}, readouts(), readout(),
                           weights, synapse());
  }

 private:
  static NeuronModel neuron() {
    EpropIafAdaptBsshslm2020 m;
    m.C_m = 1.0;
    m.E_L = 0.0;
    m.t_ref = 2.0;
    m.tau_m = 20.0;
    m.V_th = 0.6;
    m.adapt_tau = 100.0;
    m.adapt_beta = 1.7 * (1.0 - std::exp(-1.0 / 100.0)) / (1.0 - std::exp(-1.0 / 20.0));
    m.c_reg = 300.0;
    m.f_target = 20.0;
    m.surrogate_gradient_height = 0.3 / 0.6;
    m.surrogate_gradient_width = 0.6;
    return m;
  }

  static NeuronModel readout() {
    EpropReadoutBsshslm2020 m;
    m.C_m = 1.0;
    m.tau_m = 20.0;
    m.loss = Loss::cross_entropy;
    m.regular_spike_arrival = false;
    return m;
  }

  [[nodiscard]] SynapseModel synapse() const {
    EpropSynapseBsshslm2020 s;
    s.tau_m_readout = 20.0;
    s.average_gradient = true;
    Adam optimizer;
    optimizer.batch_size = batch_size;
    s.optimizer = optimizer;
    return s;
  }
};

}  // namespace

int main(int argc, char** argv) {
  Example example{
      .name = "heidelberg_digits",
      .description =
          "Trains a network of adaptive neurons to recognise spoken digits as an inner "
          "ear hears them (SHD) with e-prop by update intervals (Bellec et al. 2020).",
      .options = {
          .iterations = 150, .batch_size = 50, .eta = 1e-2, .output = "heidelberg_digits.h5"}};
  DataOptions data;
  example.add_options = [&](CLI::App& app) {
    add_data_options(app, data,
                     "folder of the Spiking Heidelberg Digits, shd_train.h5 and shd_test.h5, or of "
                     "the Spiking Speech Commands, ssc_train.h5 and ssc_test.h5");
  };
  example.check_input = [&](const Options& options) {
    if (data.synthetic()) return std::vector<std::string>{};
    return test_warnings(options, data, *datasets::read_heidelberg(data.data).test);
  };
  example.make_task = [&](const Options& options) {
    return std::make_unique<HeidelbergDigits>(options, data);
  };
  return run_example(example, argc, argv);
}
