#include "neurons/recurrent_block.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>

#include "core/lanes.hpp"
#include "core/steps.hpp"
#include "network/parameter_columns.hpp"
#include "neurons/models.hpp"

namespace eprop::neurons {
namespace {

using Column = RecurrentBlock::Column;

template <class F>
Column map(const Column& x, F f) {
  Column y(x.size());
  std::transform(x.begin(), x.end(), y.begin(), f);
  return y;
}

template <class F>
Column map(const Column& x, const Column& y, F f) {
  Column z(x.size());
  std::transform(x.begin(), x.end(), y.begin(), z.begin(), f);
  return z;
}

void set_adaptation(RecurrentBlock& b, network::ParameterColumns& p) {
  b.a = p.at("adaptation");
  b.beta = p.at("adapt_beta");
  b.rho = map(p.at("adapt_tau"), [&](double tau) { return std::exp(-b.dt / tau); });
}

void set_eprop(RecurrentBlock& b, network::ParameterColumns& p) {
  b.height = p.at("surrogate_gradient_height");
  b.inverse_width = map(p.at("surrogate_gradient_width"), [](double w) { return 1.0 / w; });
  b.c_reg = p.at("c_reg");
  b.f_target = map(p.at("f_target"), [&](double f) { return f / 1000.0 * b.dt; });
  const auto steps = [&](double time) { return core::nearest_steps(time, b.dt); };
  b.next_forced = map(p.at("ignore_and_spike_offset"), [&](double t) { return steps(t) - 1.0; });
  b.forced_interval = map(p.at("ignore_and_spike_interval"), steps);
}

}  // namespace

RecurrentBlock::RecurrentBlock(const NeuronModel& model, std::uint32_t population,
                               core::Range range, double resolution, std::uint64_t seed)
    : neurons(range),
      family(network::family(model)),
      adaptive(false),
      ignore_and_spike(false),
      refractory_input(false),
      dt(resolution) {
  const auto n = size();
  for (auto* column : {&z, &refractory, &input, &current}) column->assign(n, 0.0);
  spikes.reserve(n);
  std::visit(
      [&]<class M>(const M& m) {
        auto p = network::parameter_columns(m, range, seed, population);
        alpha = map(p.at("tau_m"), [&](double tau) { return std::exp(-dt / tau); });
        P_i = map(map(p.at("tau_m"), p.at("C_m"), std::divides<>()), alpha,
                  [](double r, double decay) { return r * (1.0 - decay); });
        P_z.assign(n, 1.0);
        E_L = p.at("E_L");
        I_e = p.at("I_e");
        v = map(p.at("V_m"), E_L, std::minus<>());
        v_min = map(p.at("V_min"), E_L, std::minus<>());
        if constexpr (M::role == Role::recurrent) {
          update = update_of(m);
          v_th = map(p.at("V_th"), E_L, std::minus<>());
          t_ref = map(p.at("t_ref"), [&](double t) { return core::nearest_steps(t, dt); });
        }
        if constexpr (std::derived_from<M, SpikeArrival>) {
          P_z = map(p.at("regular_spike_arrival"), alpha,
                    [](double regular, double decay) { return regular != 0 ? 1.0 : 1.0 - decay; });
        }
        if constexpr (M::family == Family::bsshslm_2020) n_spikes.assign(n, 0.0);
        if constexpr (std::derived_from<M, HardReset>) {
          v_reset = map(p.at("V_reset"), E_L, std::minus<>());
          refractory_input = m.refractory_input;
          if (refractory_input) refractory_sum.assign(n, 0.0);
        }
        if constexpr (std::derived_from<M, EpropNeuron>) {
          set_eprop(*this, p);
          ignore_and_spike = m.ignore_and_spike;
        }
        if constexpr (std::derived_from<M, Adaptation>) {
          adaptive = true;
          set_adaptation(*this, p);
        }
        if constexpr (std::derived_from<M, TraceFilters>) {
          kappa = p.at("kappa");
          kappa_reg = p.at("kappa_reg");
          rate.assign(n, 0.0);
        }
        if constexpr (std::derived_from<M, TraceCutoff>) {
          cutoff = map(p.at("eprop_isi_trace_cutoff"),
                       [&](double t) { return core::nearest_steps(t, dt); });
        }
      },
      model);
}

void RecurrentBlock::reset() {
  for (auto* column : {&v, &refractory, &z, &a}) std::fill(column->begin(), column->end(), 0.0);
}

void RecurrentBlock::collect_spikes() {
  spikes.clear();
  const auto take = [&](std::size_t i) {
    spikes.push_back(neurons.begin + static_cast<std::uint32_t>(i));
  };
  std::size_t i = 0;
  for (; i + core::Lanes::size() <= z.size(); i += core::Lanes::size()) {
    auto spiked = core::Lanes(z.data() + i, core::element_aligned) != 0.0;
    while (std::experimental::any_of(spiked)) {
      const int k = std::experimental::find_first_set(spiked);
      take(i + static_cast<std::size_t>(k));
      spiked[k] = false;
    }
  }
  for (; i < z.size(); ++i) {
    if (z[i] != 0.0) take(i);
  }
}

}  // namespace eprop::neurons
