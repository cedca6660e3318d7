#include "neurons/readout_block.hpp"

#include <algorithm>
#include <cmath>

#include "core/steps.hpp"
#include "network/model_traits.hpp"
#include "neurons/dynamics.hpp"

namespace eprop::neurons {

namespace {

using network::ParameterColumns;

// What each group of parameters gives a block, in the order of a model's groups: the membrane comes
// first.

void add(ReadoutBlock& b, const Membrane&, const ParameterColumns& p, double dt) {
  set_membrane(b, p, dt);
}

void add(ReadoutBlock& b, const InitialPotential&, const ParameterColumns& p, double) {
  b.v = initial_potential(p);
}

void add(ReadoutBlock& b, const SpikeArrival&, const ParameterColumns& p, double) {
  set_spike_arrival(b, p);
}

void add(ReadoutBlock& b, const ReadoutLoss& group, const ParameterColumns&, double) {
  b.loss = group.loss;
  if (b.loss == Loss::cross_entropy) b.log_signal.assign(b.size(), 0.0);
}

void add(ReadoutBlock& b, const TraceCutoff&, const ParameterColumns& p, double dt) {
  b.cutoff = map(p.at("eprop_isi_trace_cutoff"),
                 [&](double time) { return core::nearest_steps(time, dt); });
}

using Block = ReadoutBlock;

std::string_view millivolts(const NeuronModel&) { return "mV"; }

/// Of potentials, or of probabilities.
std::string_view output(const NeuronModel& model) {
  return network::is_softmax(model) ? "1" : "mV";
}

/// The same where the output follows from a potential of the step before.
std::string_view unnormalized(const NeuronModel& model) {
  return network::family(model) == Family::bsshslm_2020 ? output(model) : "";
}

constexpr auto V_m = [](const Block& b, std::size_t k, Step) { return b.v[k] + b.E_L[k]; };
constexpr auto signal = [](const Block& b, std::size_t k, Step) { return b.signal[k]; };
constexpr auto target = [](const Block& b, std::size_t k, Step) { return b.target[k]; };
constexpr auto error = [](const Block& b, std::size_t k, Step) { return b.error[k]; };
constexpr auto unnorm = [](const Block& b, std::size_t k, Step t) {
  if (b.loss != Loss::cross_entropy || t < 0) return b.potential[k];  // zero at first
  return std::exp(b.potential[k]);                                    // may be infinite
};

constexpr Variable<Block> variables[] = {
    {"V_m", millivolts, sample_each<Block, V_m>},
    {"readout_signal", output, sample_each<Block, signal>},
    {"target_signal", output, sample_each<Block, target>},
    {"error_signal", output, sample_each<Block, error>},
    {"readout_signal_unnorm", unnormalized, sample_each<Block, unnorm>}};

}  // namespace

std::span<const Variable<ReadoutBlock>> readout_variables() { return variables; }

ReadoutBlock::ReadoutBlock(const NeuronModel& model, std::uint32_t population, core::Range range,
                           double dt, std::uint64_t seed)
    : neurons(range), family(network::family(model)) {
  for (auto* column : {&input, &current, &potential, &signal, &target, &error}) {
    column->assign(size(), 0.0);
  }
  std::visit(
      [&]<class M>(const M& m) {
        if constexpr (M::role == Role::readout) {
          const auto p = network::parameter_columns(m, range, seed, population);
          M::for_each_group([&]<class Group, std::uint32_t>() {
            add(*this, static_cast<const Group&>(m), p, dt);
          });
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

std::uint64_t ReadoutBlock::bytes() const {
  auto sum = membrane_bytes() + bytes_of_columns<ReadoutColumns>(*this, readout_state);
  for (const auto* column : {&input, &log_signal, &cutoff}) sum += core::bytes_of(*column);
  return sum;
}

void ReadoutBlock::reset() { reset_columns<ReadoutColumns>(*this, readout_state); }

}  // namespace eprop::neurons
