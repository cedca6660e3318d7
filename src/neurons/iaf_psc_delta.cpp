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
  double* __restrict a = b.a.data();
  double* __restrict input = b.input.data();
  double* __restrict current = b.current.data();
  double* __restrict rate = b.rate.data();
  double* __restrict psi = rows.surrogate_gradient;
  double* __restrict reg = rows.regularization;
  double* __restrict next = b.next_forced.data();
#pragma omp simd
  for (std::size_t i = 0; i < n; ++i) {
    const bool free = r[i] == 0.0;
    const double u = integrate(b.P_i[i], current[i], 1.0, input[i], b.alpha[i], v[i]);
    v[i] = free ? std::max(u, b.v_min[i]) : v[i];
    double threshold = b.v_th[i];
    if constexpr (adaptive) {
      a[i] = free ? b.rho[i] * a[i] + z[i] : a[i];
      threshold += b.beta[i] * a[i];
    }
    r[i] = std::max(r[i] - 1.0, 0.0);
    if constexpr (plastic) {
      const double x = std::abs(v[i] - threshold) * b.inverse_width[i];
      const double gradient = b.height[i] * surrogate_gradient<S>(x);
      psi[i] = r[i] > 0.0 ? 0.0 : gradient;
    }
    double spike;
    if constexpr (forced) {
      spike = forced_spike(next[i], b.forced_interval[i], t);
    } else {
      spike = v[i] >= threshold ? 1.0 : 0.0;
    }
    z[i] = spike;
    v[i] = spike != 0.0 ? b.v_reset[i] : v[i];
    r[i] = spike != 0.0 ? b.t_ref[i] : r[i];
    if constexpr (plastic) {
      reg[i] = regularize(rate[i], b.kappa_reg[i], spike, b.dt, b.c_reg[i], b.f_target[i]);
    }
    current[i] = b.I_e[i];
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
