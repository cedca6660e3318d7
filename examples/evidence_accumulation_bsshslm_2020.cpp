#include <algorithm>
#include <cmath>

#include "support/example.hpp"
#include "support/tutorial_network.hpp"

/// Evidence accumulation (Morcos & Harvey 2016): seven cues left or right, then a pause, then the
/// question which side had more. Half the neurons are adaptive: their slow thresholds are the
/// memory.
namespace {

using namespace eprop;
using namespace eprop::examples;

constexpr Step n_cues = 7, cue_steps = 100, pause_steps = 50, noise_steps = 1050,
               recall_steps = 150;
constexpr Step cue_period = cue_steps + pause_steps;
constexpr Step sequence_steps = n_cues * cue_period + noise_steps + recall_steps;
constexpr std::size_t kinds = 4;   // of input neurons: left, right, recall, noise
constexpr std::size_t group = 10;  // input neurons of a kind
constexpr std::uint32_t n_in = kinds * group, n_each = 50, n_out = 2;
constexpr std::size_t most_spikes = 64;  // of an input in a sample, as good as always
constexpr double group_probability = 0.04, noise_probability = 0.01;

template <class M>
NeuronModel neuron(M m) {
  m.C_m = 1.0;
  m.E_L = 0.0;
  m.t_ref = 5.0;
  m.tau_m = 20.0;
  m.V_th = 0.6;
  m.c_reg = 300.0;
  m.f_target = 10.0;
  m.surrogate_gradient_height = 0.3 / 0.6;
  m.surrogate_gradient_width = 0.6;
  if constexpr (requires { m.adapt_beta; }) {
    m.adapt_tau = 2000.0;
    m.adapt_beta = 1.7 * (1.0 - std::exp(-1.0 / 2000.0)) / (1.0 - std::exp(-1.0 / 20.0));
  }
  return m;
}

class EvidenceAccumulation : public Task {
 public:
  EvidenceAccumulation(const Options& options, const TrainingPlan& training_plan)
      : Task({.seed = options.seed,
              .update_interval = sequence_steps,
              .learning_window = recall_steps}),
        random_(options.seed) {
    name = "evidence_accumulation_bsshslm_2020";
    sequence = sequence_steps;
    window = recall_steps;
    batch_size = options.batch_size;
    classifies = true;
    draws_ahead = true;
    plan = training_plan;
    const auto weights = to_single(
        draw_weights(random_, n_in, std::size_t{2} * n_each, n_out, ReadoutWeights::uniform));
    build_tutorial_network(*this, n_in,
                           {{"regular", n_each, neuron(EpropIafBsshslm2020{})},
                            {"adaptive", n_each, neuron(EpropIafAdaptBsshslm2020{})}},
                           n_out, readout(), weights, synapse());
  }

  /// Draws a batch: which side is likelier for each sample, the cues of each, then the spikes of
  /// all.
  std::vector<Sample> next(Phase) override {
    const auto sides = random_.choice(static_cast<std::size_t>(batch_size));
    std::vector<std::vector<int>> cues;
    for (const int side : sides) {
      const float first = side == 0 ? 0.3F : 0.7F, second = side == 0 ? 0.7F : 0.3F;
      cues.push_back(random_.choice(n_cues, first, second));
    }
    std::vector<Sample> samples;
    for (const auto& sample_cues : cues) samples.push_back(draw_sample(sample_cues));
    return samples;
  }

 private:
  Sample draw_sample(const std::vector<int>& cues) {
    Sample sample;
    sample.label = std::count(cues.begin(), cues.end(), 1) > n_cues / 2 ? 1 : 0;
    sample.target_steps = {0};
    for (int k = 0; k < static_cast<int>(n_out); ++k) {
      sample.target.push_back({k == sample.label ? 1.0 : 0.0});
    }
    sample.spikes.resize(n_in);
    for (auto& train : sample.spikes) train.reserve(most_spikes);
    for (Step step = 0; step < sequence; ++step) {
      for (std::size_t kind = 0; kind < kinds; ++kind) {
        random_.for_each_below(probability(cues, step, kind), group, [&](std::size_t i) {
          if (step > 0) sample.spikes[kind * group + i].push_back(step + 1);
        });
      }
    }
    return sample;
  }

  static double probability(const std::vector<int>& cues, Step step, std::size_t kind) {
    if (kind == 3) return noise_probability;
    if (kind == 2) return step >= sequence_steps - recall_steps ? group_probability : 0.0;
    const auto cue = step / cue_period;
    const bool shown = cue < n_cues && step % cue_period >= pause_steps &&
                       cues[static_cast<std::size_t>(cue)] == static_cast<int>(kind);
    return shown ? group_probability : 0.0;
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
    optimizer.epsilon = 1e-8;
    optimizer.batch_size = batch_size;
    s.optimizer = optimizer;
    return s;
  }

  LegacyRandom random_;
};

}  // namespace

int main(int argc, char** argv) {
  Example example{.name = "evidence_accumulation_bsshslm_2020",
                  .description =
                      "Trains a recurrent network to tell which side showed more cues, a second "
                      "after the last, with e-prop by update intervals (Bellec et al. 2020).",
                  .options = {.iterations = 500,
                              .batch_size = 32,
                              .eta = 5e-3,
                              .output = "evidence_accumulation_bsshslm_2020.h5"}};
  TrainingPlan plan{.validate_every = 10, .stop_error = 0.07, .test_iterations = 2};
  bool no_early_stopping = false;
  example.add_options = [&](CLI::App& app) {
    add_whole_number(app, "--test-iterations", plan.test_iterations,
                     "iterations after training, with a learning rate of 0", "ITERATIONS", 0);
    add_whole_number(app, "--validate-every", plan.validate_every,
                     "training iterations between validations, which have a learning rate of 0; "
                     "0: none",
                     "ITERATIONS", 0);
    add_option(app, "--stop-error", plan.stop_error,
               "training ends when 8 validations in a row average a smaller error than this "
               "fraction of samples",
               "FRACTION")
        ->transform(
            number([](double error) { return error >= 0.0 && error <= 1.0; }, "from 0 to 1"));
    app.add_flag("--no-early-stopping", no_early_stopping, "train all iterations");
  };
  example.make_task = [&](const Options& options) {
    plan.iterations = options.iterations;
    if (no_early_stopping) plan.stop_error = 0.0;
    return std::make_unique<EvidenceAccumulation>(options, plan);
  };
  return run_example(example, argc, argv);
}
