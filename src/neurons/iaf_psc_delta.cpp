#include "neurons/dynamics.hpp"
#include "neurons/models.hpp"

namespace eprop::neurons {
namespace {

/// Input that reaches a refractory neuron is kept, decayed to the first free step, and joins the
/// input there.
void keep_refractory_input(RecurrentBlock& b) {
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (b.refractory[i] > 0.0) {
      b.refractory_sum[i] += b.input[i] * std::pow(b.alpha[i], b.refractory[i]);
    } else {
      b.input[i] += b.refractory_sum[i];
      b.refractory_sum[i] = 0.0;
    }
  }
}

/// Leaky integrate-and-fire neuron with delta-shaped currents and a hard reset: refractory neurons
/// neither integrate nor adapt.
template <SurrogateGradient S, bool adaptive, bool forced, bool plastic>
void update(RecurrentBlock& b, Step t, const ArchiveRows& rows) {
  if (b.refractory_input) keep_refractory_input(b);
  const auto n = b.size();
  double* __restrict v = b.v.data();
  double* __restrict z = b.z.data();
  double* __restrict r = b.refractory.data();
  [[maybe_unused]] double* __restrict a = b.a.data();
  double* __restrict input = b.input.data();
  double* __restrict current = b.current.data();
  [[maybe_unused]] double* __restrict rate = b.rate.data();
  [[maybe_unused]] double* __restrict psi = rows.surrogate_gradient;
  [[maybe_unused]] double* __restrict reg = rows.regularization;
  [[maybe_unused]] double* __restrict next = b.next_forced.data();
  [[maybe_unused]] const double* __restrict P_i = b.P_i.data();
  [[maybe_unused]] const double* __restrict alpha = b.alpha.data();
  [[maybe_unused]] const double* __restrict v_min = b.v_min.data();
  [[maybe_unused]] const double* __restrict v_th = b.v_th.data();
  [[maybe_unused]] const double* __restrict rho = b.rho.data();
  [[maybe_unused]] const double* __restrict beta = b.beta.data();
  [[maybe_unused]] const double* __restrict inverse_width = b.inverse_width.data();
  [[maybe_unused]] const double* __restrict height = b.height.data();
  [[maybe_unused]] const double* __restrict forced_interval = b.forced_interval.data();
  [[maybe_unused]] const double* __restrict v_reset = b.v_reset.data();
  [[maybe_unused]] const double* __restrict t_ref = b.t_ref.data();
  [[maybe_unused]] const double* __restrict kappa_reg = b.kappa_reg.data();
  [[maybe_unused]] const double* __restrict c_reg = b.c_reg.data();
  [[maybe_unused]] const double* __restrict f_target = b.f_target.data();
  [[maybe_unused]] const double* __restrict I_e = b.I_e.data();
  [[maybe_unused]] const double dt = b.dt;
#pragma omp simd
  for (std::size_t i = 0; i < n; ++i) {
    const bool free = r[i] == 0.0;
    const double u = integrate(P_i[i], current[i], 1.0, input[i], alpha[i], v[i]);
    v[i] = free ? larger(u, v_min[i]) : v[i];
    double threshold = v_th[i];
    if constexpr (adaptive) {
      a[i] = free ? rho[i] * a[i] + z[i] : a[i];
      threshold += beta[i] * a[i];
    }
    r[i] = larger(r[i] - 1.0, 0.0);
    if constexpr (plastic) {
      const double x = std::abs(v[i] - threshold) * inverse_width[i];
      const double gradient = height[i] * surrogate_gradient<S>(x);
      psi[i] = r[i] > 0.0 ? 0.0 : gradient;
    }
    double spike;
    if constexpr (forced) {
      spike = forced_spike(next[i], forced_interval[i], t);
    } else {
      spike = v[i] >= threshold ? 1.0 : 0.0;
    }
    z[i] = spike;
    v[i] = spike != 0.0 ? v_reset[i] : v[i];
    r[i] = spike != 0.0 ? t_ref[i] : r[i];
    if constexpr (plastic) {
      reg[i] = regularize(rate[i], kappa_reg[i], spike, dt, c_reg[i], f_target[i]);
    }
    current[i] = I_e[i];
    input[i] = 0.0;
  }
  b.collect_spikes();
}

}  // namespace

RecurrentUpdate update_iaf_psc_delta(SurrogateGradient s, bool adaptive, bool forced) {
  return dispatch(s, [&]<SurrogateGradient S>() {
    return dispatch(adaptive, [&]<bool A>() {
      return dispatch(forced, []<bool F>() -> RecurrentUpdate { return update<S, A, F, true>; });
    });
  });
}

RecurrentUpdate update_iaf_psc_delta_without_plasticity() {
  return update<SurrogateGradient::piecewise_linear, false, false, false>;
}

}  // namespace eprop::neurons
