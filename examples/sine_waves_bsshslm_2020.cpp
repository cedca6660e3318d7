#include "support/example.hpp"
#include "support/sine_target.hpp"
#include "support/tutorial_network.hpp"

/// Sine waves with e-prop by update intervals (Bellec et al. 2020): a recurrent network with frozen
/// noise as input learns to produce a sum of four sines.
namespace {

using namespace eprop;
using namespace eprop::examples;

constexpr Step sequence_steps = 1000;
constexpr std::uint32_t n_in = 100, n_rec = 100, n_out = 1;

class SineWaves : public FrozenTask {
 public:
  explicit SineWaves(const Options& options)
      : FrozenTask({.seed = options.seed, .update_interval = sequence_steps}) {
    name = "sine_waves_bsshslm_2020";
    sequence = window = sequence_steps;
    batch_size = options.batch_size;
    plan.iterations = options.iterations;
    LegacyRandom random(options.seed);
    const auto weights =
        to_single(draw_weights(random, n_in, n_rec, n_out, ReadoutWeights::normal));
    build_tutorial_network(*this, n_in, {{"rec", n_rec, neuron()}}, n_out, readout(), weights,
                           synapse());
    const auto spikes = frozen_noise(random, sequence, n_in, true);
    sample_ = sample_of(spikes, {sine_target(random, static_cast<std::size_t>(sequence))});
  }

 private:
  static NeuronModel neuron() {
    EpropIafBsshslm2020 m;
    m.C_m = 1.0;
    m.E_L = 0.0;
    m.t_ref = 0.0;
    m.tau_m = 30.0;
    m.V_th = 0.03;
    m.c_reg = 300.0;
    m.f_target = 10.0;
    m.regular_spike_arrival = false;
    m.surrogate_gradient_height = 0.3 / 0.03;
    m.surrogate_gradient_width = 0.03;
    return m;
  }

  static NeuronModel readout() {
    EpropReadoutBsshslm2020 m;
    m.C_m = 1.0;
    m.tau_m = 30.0;
    m.regular_spike_arrival = false;
    return m;
  }

  [[nodiscard]] SynapseModel synapse() const {
    EpropSynapseBsshslm2020 s;
    s.tau_m_readout = 30.0;
    GradientDescent optimizer;
    optimizer.batch_size = batch_size;
    s.optimizer = optimizer;
    return s;
  }
};

}  // namespace

int main(int argc, char** argv) {
  Example example{
      .name = "sine_waves_bsshslm_2020",
      .description =
          "Trains a recurrent network to produce a sum of sines with e-prop "
          "by update intervals (Bellec et al. 2020).",
      .options = {.iterations = 200, .eta = 1e-4, .output = "sine_waves_bsshslm_2020.h5"}};
  example.make_task = [](const Options& options) { return std::make_unique<SineWaves>(options); };
  return run_example(example, argc, argv);
}
