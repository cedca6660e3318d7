#include "neurons/readout_block.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>

#include "core/steps.hpp"
#include "network/parameter_columns.hpp"
#include "neurons/dynamics.hpp"

namespace eprop::neurons {

ReadoutBlock::ReadoutBlock(const NeuronModel& model, std::uint32_t population, core::Range range,
                           double dt, std::uint64_t seed)
    : neurons(range), family(network::family(model)) {
  const auto n = size();
  for (auto* column : {&input, &current, &potential, &signal, &target, &error}) {
    column->assign(n, 0.0);
  }
  std::visit(
      [&]<class M>(const M& m) {
        const auto p = network::parameter_columns(m, range, seed, population);
        E_L = p.at("E_L");
        I_e = p.at("I_e");
        for (std::size_t i = 0; i < n; ++i) {
          const double tau = p.at("tau_m")[i];
          alpha.push_back(std::exp(-dt / tau));
          P_i.push_back(tau / p.at("C_m")[i] * (1.0 - alpha[i]));
          v.push_back(p.at("V_m")[i] - E_L[i]);
          v_min.push_back(p.at("V_min")[i] - E_L[i]);
        }
        P_z.assign(n, 1.0);
        if constexpr (std::derived_from<M, ReadoutLoss>) {
          loss = m.loss;
          if (loss == Loss::cross_entropy) log_signal.assign(n, 0.0);
        }
        if constexpr (std::derived_from<M, SpikeArrival>) {
          for (std::size_t i = 0; i < n; ++i) {
            if (p.at("regular_spike_arrival")[i] == 0.0) P_z[i] = 1.0 - alpha[i];
          }
        }
        if constexpr (std::derived_from<M, TraceCutoff>) {
          for (const double time : p.at("eprop_isi_trace_cutoff")) {
            cutoff.push_back(core::nearest_steps(time, dt));
          }
        }
      },
      model);
}

void ReadoutBlock::update(const ReadoutInputs& inputs) {
  for (std::size_t i = 0; i < size(); ++i) {
    v[i] = std::max(integrate(P_i[i], current[i], P_z[i], input[i], alpha[i], v[i]), v_min[i]);
    current[i] = I_e[i];
    input[i] = 0.0;
  }
  family == Family::bsshslm_2020 ? update_bsshslm_2020(inputs) : update_plus(inputs);
}

void ReadoutBlock::update_bsshslm_2020(const ReadoutInputs& inputs) {
  const bool softmax = loss == Loss::cross_entropy;
  if (softmax && inputs.learning) normalize(inputs.potentials);
  for (std::size_t i = 0; i < size(); ++i) {
    const double now = softmax ? signal[i] : potential[i];
    potential[i] = v[i] + E_L[i];
    signal[i] = inputs.learning ? now : 0.0;
    target[i] = inputs.learning ? inputs.target[i] : 0.0;
    error[i] = inputs.learning ? now - inputs.target[i] : 0.0;
  }
}

/// The softmax of all readouts' potentials: exp(p_k - max p) / sum_l exp(p_l - max p), no term of
/// which overflows. Summed in the order of the readouts, on every rank alike.
void ReadoutBlock::normalize(std::span<const double> potentials) {
  const double largest = *std::max_element(potentials.begin(), potentials.end());
  double sum = 0.0;
  for (std::size_t k = 0; k < potentials.size(); ++k) {
    const double e = std::exp(potentials[k] - largest);
    sum += e;
    const auto i = k - neurons.begin;
    if (k >= neurons.begin && i < size()) signal[i] = e;
  }
  const double log_sum = std::log(sum);
  for (std::size_t i = 0; i < size(); ++i) {
    signal[i] /= sum;
    log_signal[i] = (potentials[neurons.begin + i] - largest) - log_sum;
  }
}

void ReadoutBlock::update_plus(const ReadoutInputs& inputs) {
  for (std::size_t i = 0; i < size(); ++i) {
    signal[i] = (v[i] + E_L[i]) * inputs.window[i];
    target[i] = inputs.target[i] * inputs.window[i];
    error[i] = signal[i] - target[i];
  }
}

void ReadoutBlock::reset() { std::fill(v.begin(), v.end(), 0.0); }

}  // namespace eprop::neurons
