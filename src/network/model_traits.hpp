#pragma once

#include <string_view>

#include "eprop/neuron_models.hpp"
#include "eprop/synapse_models.hpp"

namespace eprop::network {

/// Which learning rule a neuron takes part in.
enum class Family { none, bsshslm_2020, plus };

template <class M>
constexpr bool is_readout_model = !requires(M m) {
  m.V_th;
};

template <class M>
constexpr bool is_adaptive_model = requires(M m) {
  m.adapt_beta;
};

template <class M>
constexpr Family family_of_model = requires(M m) {
  m.regular_spike_arrival;
}
? Family::bsshslm_2020 : requires(M m) { m.eprop_isi_trace_cutoff; }
? Family::plus : Family::none;

inline Family family(const NeuronModel& model) {
  return std::visit([]<class M>(const M&) { return family_of_model<M>; }, model);
}

inline bool is_readout(const NeuronModel& model) {
  return std::visit([]<class M>(const M&) { return is_readout_model<M>; }, model);
}

inline std::string_view name(const NeuronModel& model) {
  return std::visit([]<class M>(const M&) { return M::name; }, model);
}

/// What both optimizers have.
inline const GradientDescent& common_parameters(const Optimizer& optimizer) {
  return std::visit([](const auto& o) -> const GradientDescent& { return o; }, optimizer);
}

}  // namespace eprop::network
