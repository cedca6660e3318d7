#pragma once

#include <concepts>
#include <string_view>
#include <variant>

#include "eprop/neuron_models.hpp"

namespace eprop::network {

inline Family family(const NeuronModel& model) {
  return std::visit([]<class M>(const M&) { return M::family; }, model);
}

inline bool is_readout(const NeuronModel& model) {
  return std::visit([]<class M>(const M&) { return M::role == Role::readout; }, model);
}

/// Whether a model has a group of parameters.
template <class Group>
bool has(const NeuronModel& model) {
  return std::visit([]<class M>(const M&) { return std::derived_from<M, Group>; }, model);
}

/// Whether it is of readouts that show probabilities, by a softmax over all of them.
inline bool is_softmax(const NeuronModel& model) {
  const auto loss_of = []<class M>(const M& m) {
    if constexpr (std::derived_from<M, ReadoutLoss>) return m.loss;
    return Loss::mean_squared_error;
  };
  return std::visit(loss_of, model) == Loss::cross_entropy;
}

inline std::string_view name(const NeuronModel& model) {
  return std::visit([]<class M>(const M&) { return M::name; }, model);
}

}  // namespace eprop::network
