#include "neurons/dynamics.hpp"
#include "neurons/models.hpp"

namespace eprop::neurons {
namespace {

/// As the bsshslm_2020 neuron, but the soft reset takes effect within the step of the spike
/// (Korcsak-Gorzo et al. 2025).
template <SurrogateGradient S, bool adaptive, bool forced>
void update(RecurrentBlock& b, Step t, const ArchiveRows& rows) {
  const auto n = b.size();
  double* __restrict v = b.v.data();
  double* __restrict z = b.z.data();
  double* __restrict r = b.refractory.data();
  double* __restrict a = b.a.data();
  double* __restrict input = b.input.data();
  double* __restrict current = b.current.data();
  double* __restrict rate = b.rate.data();
  double* __restrict psi = rows.surrogate_gradient;
  double* __restrict reg = rows.regularization;
  double* __restrict next = b.next_forced.data();
#pragma omp simd
  for (std::size_t i = 0; i < n; ++i) {
    r[i] = std::max(r[i] - 1.0, 0.0);
    const double u = integrate(b.P_i[i], current[i], 1.0, input[i], b.alpha[i], v[i]);
    v[i] = std::max(u, b.v_min[i]);
    double threshold = b.v_th[i];
    if constexpr (adaptive) {
      a[i] = b.rho[i] * a[i] + z[i];
      threshold += b.beta[i] * a[i];
    }
    const double x = std::abs(v[i] - threshold) * b.inverse_width[i];
    const double gradient = b.height[i] * surrogate_gradient<S>(x);
    psi[i] = r[i] > 0.0 ? 0.0 : gradient;
    double spike;
    if constexpr (forced) {
      spike = forced_spike(next[i], b.forced_interval[i], t);
    } else {
      spike = (v[i] >= threshold) & (r[i] == 0.0) ? 1.0 : 0.0;
    }
    z[i] = spike;
    v[i] = spike != 0.0 ? v[i] - b.v_th[i] : v[i];
    r[i] = spike != 0.0 ? b.t_ref[i] : r[i];
    reg[i] = regularize(rate[i], b.kappa_reg[i], spike, b.dt, b.c_reg[i], b.f_target[i]);
    current[i] = b.I_e[i];
    input[i] = 0.0;
  }
  b.collect_spikes();
}

}  // namespace

RecurrentUpdate update_iaf(SurrogateGradient s, bool adaptive, bool forced) {
  return dispatch(s, [&]<SurrogateGradient S>() {
    return dispatch(adaptive, [&]<bool A>() {
      return dispatch(forced, []<bool F>() -> RecurrentUpdate { return update<S, A, F>; });
    });
  });
}

}  // namespace eprop::neurons
