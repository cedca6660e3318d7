#include "neurons/models.hpp"

#include "network/model_traits.hpp"

namespace eprop::neurons {

RecurrentUpdate select_update(const NeuronModel& model) {
  return std::visit(
      []<class M>(const M& m) -> RecurrentUpdate {
        if constexpr (network::is_readout_model<M>) {
          return nullptr;
        } else if constexpr (network::family_of_model<M> == network::Family::none) {
          return update_iaf_psc_delta_without_plasticity();
        } else {
          const auto s = m.surrogate_gradient_function;
          constexpr bool adaptive = network::is_adaptive_model<M>;
          if constexpr (network::family_of_model<M> == network::Family::bsshslm_2020) {
            return update_iaf_bsshslm_2020(s, adaptive, m.ignore_and_spike);
          } else if constexpr (requires { m.V_reset; }) {
            return update_iaf_psc_delta(s, adaptive, m.ignore_and_spike);
          } else {
            return update_iaf(s, adaptive, m.ignore_and_spike);
          }
        }
      },
      model);
}

}  // namespace eprop::neurons
