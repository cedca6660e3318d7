#include "neurons/recurrent_block.hpp"

#include "core/lanes.hpp"
#include "core/steps.hpp"

namespace eprop::neurons {
namespace {

using network::ParameterColumns;

core::Column steps(const core::Column& times, double dt) {
  return map(times, [&](double time) { return core::nearest_steps(time, dt); });
}

// What each group of parameters gives a block, in the order of a model's groups: the membrane comes
// first.

void add(RecurrentBlock& b, const Membrane&, const ParameterColumns& p) {
  set_membrane(b, p, b.dt);
}

void add(RecurrentBlock& b, const InitialPotential&, const ParameterColumns& p) {
  b.v = initial_potential(p);
}

void add(RecurrentBlock& b, const Spiking&, const ParameterColumns& p) {
  b.v_th = map(p.at("V_th"), b.E_L, std::minus<>());
  b.t_ref = steps(p.at("t_ref"), b.dt);
}

void add(RecurrentBlock& b, const SpikeArrival&, const ParameterColumns& p) {
  set_spike_arrival(b, p);
}

void add(RecurrentBlock& b, const HardReset& group, const ParameterColumns& p) {
  b.v_reset = map(p.at("V_reset"), b.E_L, std::minus<>());
  b.refractory_input = group.refractory_input;
  if (b.refractory_input) b.refractory_sum.assign(b.size(), 0.0);
}

void add(RecurrentBlock& b, const EpropNeuron& group, const ParameterColumns& p) {
  b.height = p.at("surrogate_gradient_height");
  b.inverse_width = map(p.at("surrogate_gradient_width"), [](double w) { return 1.0 / w; });
  b.c_reg = p.at("c_reg");
  b.f_target = map(p.at("f_target"), [&](double f) { return f / 1000.0 * b.dt; });
  b.ignore_and_spike = group.ignore_and_spike;
  b.next_forced =
      map(steps(p.at("ignore_and_spike_offset"), b.dt), [](double t) { return t - 1.0; });
  b.forced_interval = steps(p.at("ignore_and_spike_interval"), b.dt);
}

void add(RecurrentBlock& b, const Adaptation&, const ParameterColumns& p) {
  b.adaptive = true;
  b.a = p.at("adaptation");
  b.beta = p.at("adapt_beta");
  b.rho = map(p.at("adapt_tau"), [&](double tau) { return decay(b.dt, tau); });
}

void add(RecurrentBlock& b, const TraceFilters&, const ParameterColumns& p) {
  b.kappa = p.at("kappa");
  b.kappa_reg = p.at("kappa_reg");
  b.rate.assign(b.size(), 0.0);
}

void add(RecurrentBlock& b, const TraceCutoff&, const ParameterColumns& p) {
  b.cutoff = steps(p.at("eprop_isi_trace_cutoff"), b.dt);
}

void add(RecurrentBlock& b, const SynapticCurrent&, const ParameterColumns& p) {
  const auto& tau_syn = p.at("tau_syn");
  b.i_syn.assign(b.size(), 0.0);
  b.alpha_syn = map(tau_syn, [&](double tau) { return decay(b.dt, tau); });
  b.P_s.resize(b.size());
  for (std::size_t i = 0; i < b.size(); ++i) {
    b.P_s[i] = synaptic_propagator(b.dt, p.at("tau_m")[i], tau_syn[i], p.at("C_m")[i]);
  }
}

using Block = RecurrentBlock;

/// A unit where a model has the group.
template <class Group>
std::string_view millivolts(const NeuronModel& model) {
  return network::has<Group>(model) ? "mV" : "";
}
template <class Group>
std::string_view number(const NeuronModel& model) {
  return network::has<Group>(model) ? "1" : "";
}

template <class Group>
std::string_view picoamperes(const NeuronModel& model) {
  return network::has<Group>(model) ? "pA" : "";
}

constexpr auto V_m = [](const Block& b, std::size_t j, Step) { return b.v[j] + b.E_L[j]; };
constexpr auto V_th_adapt = [](const Block& b, std::size_t j, Step) {
  return b.v_th[j] + b.beta[j] * b.a[j] + b.E_L[j];
};
constexpr auto I_syn = [](const Block& b, std::size_t j, Step) { return b.i_syn[j]; };
constexpr auto adaptation = [](const Block& b, std::size_t j, Step) { return b.a[j]; };

constexpr Variable<Block> variables[] = {
    {"V_m", millivolts<Membrane>, sample_each<Block, V_m>},
    {"V_th_adapt", millivolts<Adaptation>, sample_each<Block, V_th_adapt>},
    {"adaptation", number<Adaptation>, sample_each<Block, adaptation>},
    {"I_syn", picoamperes<SynapticCurrent>, sample_each<Block, I_syn>}};

}  // namespace

std::span<const Variable<RecurrentBlock>> recurrent_variables() { return variables; }

RecurrentBlock::RecurrentBlock(const NeuronModel& model, std::uint32_t population,
                               core::Range range, double resolution, std::uint64_t seed)
    : neurons(range), family(network::family(model)), dt(resolution) {
  for (auto* column : {&z, &refractory, &input, &current}) column->assign(size(), 0.0);
  if (family == Family::bsshslm_2020) n_spikes.assign(size(), 0.0);
  spikes.reserve(size());
  std::visit(
      [&]<class M>(const M& m) {
        if constexpr (M::role == Role::recurrent) {
          const auto p = network::parameter_columns(m, range, seed, population);
          M::for_each_group(
              [&]<class Group, std::uint32_t>() { add(*this, static_cast<const Group&>(m), p); });
          update = update_of(m);
        }
      },
      model);
}

std::uint64_t RecurrentBlock::bytes() const {
  using P = RecurrentParameters;
  constexpr core::Column P::*parameters[] = {
      &P::v_th,     &P::v_reset,       &P::t_ref,     &P::alpha_syn, &P::P_s,
      &P::height,   &P::inverse_width, &P::beta,      &P::rho,       &P::c_reg,
      &P::f_target, &P::kappa,         &P::kappa_reg, &P::cutoff,    &P::forced_interval};
  static_assert(std::size(parameters) == core::field_count<P>());
  auto sum = membrane_bytes() + core::bytes_of(input) + core::bytes_of(spikes) +
             bytes_of_columns<RecurrentColumns>(*this, recurrent_state);
  for (const auto column : parameters) sum += core::bytes_of(this->*column);
  return sum;
}

void RecurrentBlock::reset() { reset_columns<RecurrentColumns>(*this, recurrent_state); }

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
