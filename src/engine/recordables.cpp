#include "engine/recordables.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>

#include "core/known_names.hpp"
#include "core/refuse.hpp"
#include "network/former_names.hpp"

namespace eprop::engine {

std::vector<std::pair<Recordable, recording::sonata::Variable>> recordables(
    const NeuronModel& model) {
  std::vector<std::pair<Recordable, recording::sonata::Variable>> list{
      {Recordable::V_m, {"V_m", "mV"}}};
  std::visit(
      [&]<class M>(const M& m) {
        if constexpr (M::role == Role::readout) {
          std::string unit = "mV";
          if constexpr (std::derived_from<M, ReadoutLoss>) {
            if (m.loss == Loss::cross_entropy) unit = "1";  // probabilities
          }
          list.push_back({Recordable::readout_signal, {"readout_signal", unit}});
          list.push_back({Recordable::target_signal, {"target_signal", unit}});
          list.push_back({Recordable::error_signal, {"error_signal", unit}});
          if constexpr (M::family == Family::bsshslm_2020) {
            list.push_back({Recordable::readout_signal_unnorm, {"readout_signal_unnorm", unit}});
          }
        } else if constexpr (M::family != Family::none) {
          list.push_back({Recordable::surrogate_gradient, {"surrogate_gradient", "1/mV"}});
          list.push_back({Recordable::learning_signal, {"learning_signal", "mV"}});
        }
        if constexpr (std::derived_from<M, Adaptation>) {
          list.push_back({Recordable::V_th_adapt, {"V_th_adapt", "mV"}});
          list.push_back({Recordable::adaptation, {"adaptation", "1"}});
        }
      },
      model);
  return list;
}

std::pair<Recordable, recording::sonata::Variable> recordable(const NeuronModel& model,
                                                              const std::string& name,
                                                              const std::string& thing) {
  const auto all = recordables(model);
  std::vector<std::string_view> names;
  for (const auto& known : all) {
    if (known.second.name == name) return known;
    names.push_back(known.second.name);
  }
  core::refuse(thing, "variable", name, "",
               core::unknown_name(name, names, network::former_recordables));
}

void sample(const state::RecurrentPart& part, Recordable variable,
            std::span<const std::uint32_t> neurons, Step t, double* into, std::size_t stride) {
  const auto& block = part.block;
  const auto each = [&](auto value) {
    for (std::size_t i = 0; i < neurons.size(); ++i) into[i * stride] = value(neurons[i]);
  };
  switch (variable) {
    case Recordable::V_m:
      return each([&](std::uint32_t j) { return block.v[j] + block.E_L[j]; });
    case Recordable::surrogate_gradient: {
      const double* psi = part.surrogate_gradient.row(std::max<Step>(t, 0));  // zero at first
      return each([&](std::uint32_t j) { return psi[j]; });
    }
    case Recordable::learning_signal:
      return each([&](std::uint32_t j) {
        double L = 0.0;
        const Step known = t - part.signal_lag - 1;
        if (known >= 0) plasticity::learning_signal(part.signals, known, {j, j + 1}, &L);
        return L;
      });
    case Recordable::V_th_adapt:
      return each([&](std::uint32_t j) {
        return block.v_th[j] + block.beta[j] * block.a[j] + block.E_L[j];
      });
    default:
      return each([&](std::uint32_t j) { return block.a[j]; });
  }
}

void sample(const state::ReadoutPart& part, Recordable variable,
            std::span<const std::uint32_t> neurons, Step t, double* into, std::size_t stride) {
  const auto& block = part.block;
  const auto each = [&](const core::Column& column) {
    for (std::size_t i = 0; i < neurons.size(); ++i) into[i * stride] = column[neurons[i]];
  };
  switch (variable) {
    case Recordable::V_m:
      for (std::size_t i = 0; i < neurons.size(); ++i) {
        into[i * stride] = block.v[neurons[i]] + block.E_L[neurons[i]];
      }
      return;
    case Recordable::readout_signal:
      return each(block.signal);
    case Recordable::target_signal:
      return each(block.target);
    case Recordable::error_signal:
      return each(block.error);
    default:
      each(block.potential);
      if (block.loss != Loss::cross_entropy || t < 0) return;  // zero at first
      for (std::size_t i = 0; i < neurons.size(); ++i) {
        into[i * stride] = std::exp(into[i * stride]);  // may be infinite
      }
  }
}

}  // namespace eprop::engine
