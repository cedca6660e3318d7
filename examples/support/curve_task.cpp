#include "support/curve_task.hpp"

#include <cmath>

namespace eprop::examples {
namespace {

constexpr std::uint32_t n_in = 100, n_rec = 200, n_out = 2;

NeuronModel neuron(double tau_m_std) {
  EpropIafAdaptBsshslm2020 m;
  m.C_m = 250.0;
  m.E_L = 0.0;
  m.t_ref = 0.0;
  m.tau_m = tau_m_std > 0.0 ? Value(Normal{30.0, tau_m_std}) : Value(30.0);
  m.V_th = 0.03;
  m.c_reg = 150.0;
  m.f_target = 20.0;
  m.regular_spike_arrival = false;
  m.surrogate_gradient_height = 0.3 / 0.03;
  m.surrogate_gradient_width = 0.03;
  m.adapt_tau = 2000.0;
  m.adapt_beta = 1.7 * (1.0 - std::exp(-1.0 / 2000.0)) / (1.0 - std::exp(-1.0 / 30.0));
  return m;
}

NeuronModel readout() {
  EpropReadoutBsshslm2020 m;
  m.C_m = 1.0;
  m.tau_m = 50.0;
  m.regular_spike_arrival = false;
  return m;
}

SynapseModel synapse(std::int64_t batch_size) {
  EpropSynapseBsshslm2020 s;
  s.tau_m_readout = 50.0;
  Adam optimizer;
  optimizer.epsilon = 1e-8;
  optimizer.batch_size = batch_size;
  s.optimizer = optimizer;
  return s;
}

}  // namespace

CurveTask::CurveTask(std::string task_name, const Options& options, const CurveTarget& curve,
                     double tau_m_std)
    : FrozenTask({.seed = options.seed, .update_interval = static_cast<double>(curve.x.size())}) {
  name = std::move(task_name);
  sequence = window = static_cast<Step>(curve.x.size());
  batch_size = options.batch_size;
  plan.iterations = options.iterations;
  LegacyRandom random(options.seed);
  const auto weights = to_single(draw_weights(random, n_in, n_rec, n_out, ReadoutWeights::normal));
  build_tutorial_network(*this, n_in, {{"rec", n_rec, neuron(tau_m_std)}}, n_out, readout(),
                         weights, synapse(batch_size));
  sample_ = sample_of(frozen_noise(random, sequence, n_in, true), {curve.x, curve.y});
}

}  // namespace eprop::examples
