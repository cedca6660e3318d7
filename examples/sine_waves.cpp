#include <algorithm>
#include <array>

#include "support/example.hpp"
#include "support/sine_target.hpp"
#include "support/tutorial_network.hpp"

/// Sine waves with e-prop at every transmission (Korcsak-Gorzo et al. 2025), with any of the
/// family's four neurons.
namespace {

using namespace eprop;
using namespace eprop::examples;

constexpr Step sequence_steps = 1000;
constexpr std::uint32_t n_in = 100, n_rec = 100, n_out = 1;
constexpr double kappa = 0.97, cutoff_ms = 100.0;

/// Parameters that the four neurons share; sets what is special to a model where it has it.
template <class M>
NeuronModel neuron(M m) {
  m.C_m = 1.0;
  m.E_L = 0.0;
  m.t_ref = 0.0;
  m.tau_m = 30.0;
  m.V_th = 0.03;
  m.c_reg = 300.0 / sequence_steps;
  m.f_target = 10.0;
  m.kappa = kappa;
  m.kappa_reg = kappa;
  m.eprop_isi_trace_cutoff = cutoff_ms;
  m.surrogate_gradient_height = 10.0;
  m.surrogate_gradient_width = 1.0 / 33.3;
  double threshold = 0.03;
  if constexpr (requires { m.V_reset; }) {
    threshold = 0.5;
    m.V_reset = -0.5;
    m.V_th = threshold;
    m.c_reg = 2.0 / sequence_steps / ((1.0 - kappa) * (1.0 - kappa));
  }
  if constexpr (requires { m.adapt_beta; }) {
    m.adapt_tau = 200.0;
    m.adapt_beta = 0.1 * threshold;  // a tenth of the regular threshold per spike
  }
  return m;
}

NeuronModel neuron_of(const std::string& name) {
  return std::visit(
      []<class M>(const M& m) -> NeuronModel {
        if constexpr (requires { m.kappa; }) {
          return neuron(m);
        } else {
          return m;  // not among the choices of --model
        }
      },
      neuron_model(name));
}

bool hard_reset(const NeuronModel& model) {
  return std::visit(
      []<class M>(const M&) {
        return requires(M m) { m.V_reset; };
      },
      model);
}

/// Input and recurrent weights are scaled to the soft-reset neurons' small threshold.
TutorialWeights scaled(const TutorialWeights& w, bool delta_neurons) {
  const double leak = static_cast<float>(1.0 - kappa);
  const auto times = [&](const Matrix& m) { return m.scaled(leak).to_single(); };
  if (delta_neurons) {
    return {w.in_rec, w.rec_rec, times(w.rec_out), w.out_rec.divided(leak).to_single()};
  }
  return {times(w.in_rec), times(w.rec_rec), times(w.rec_out), times(w.out_rec)};
}

class SineWaves : public FrozenTask {
 public:
  SineWaves(const Options& options, const std::string& model_name)
      : FrozenTask({.seed = options.seed, .update_interval = sequence_steps}) {
    name = "sine_waves";
    sequence = window = sequence_steps;
    batch_size = options.batch_size;
    plan.iterations = options.iterations;
    LegacyRandom random(options.seed);
    const auto model = neuron_of(model_name);
    const auto drawn = to_single(draw_weights(random, n_in, n_rec, n_out, ReadoutWeights::normal));
    build_tutorial_network(*this, n_in, {{"rec", n_rec, model}}, n_out, readout(),
                           scaled(drawn, hard_reset(model)), synapse());
    network.connect_rate(network.add("window", StepRates{{2.0}, {{1.0}}}), out,
                         RateReceptor::learning_window);
    const auto spikes = frozen_noise(random, sequence, n_in, false);
    sample_ = sample_of(spikes, {sine_target(random, static_cast<std::size_t>(sequence))});
  }

 private:
  static NeuronModel readout() {
    EpropReadout m;
    m.C_m = 1.0;
    m.tau_m = 30.0;
    m.eprop_isi_trace_cutoff = cutoff_ms;
    return m;
  }

  [[nodiscard]] SynapseModel synapse() const {
    EpropSynapse s;
    s.optimize_each_step = false;
    GradientDescent optimizer;
    optimizer.batch_size = batch_size;
    s.optimizer = optimizer;
    return s;
  }
};

}  // namespace

int main(int argc, char** argv) {
  Example example{.name = "sine_waves",
                  .description =
                      "Trains a recurrent network to produce a sum of sines with e-prop "
                      "at every transmission (Korcsak-Gorzo et al. 2025).",
                  .options = {.iterations = 200,
                              .eta = 1e-4 * (1.0 - kappa) * (1.0 - kappa),
                              .output = "sine_waves.h5"}};
  std::string model = "eprop_iaf";
  example.add_options = [&](CLI::App& app) {
    add_option(app, "--model", model, "recurrent neurons", "NAME")
        ->check(CLI::IsMember({"eprop_iaf", "eprop_iaf_adapt", "eprop_iaf_psc_delta",
                               "eprop_iaf_psc_delta_adapt", "eprop_iaf_psc_exp"}));
  };
  example.make_task = [&](const Options& options) {
    return std::make_unique<SineWaves>(options, model);
  };
  return run_example(example, argc, argv);
}
