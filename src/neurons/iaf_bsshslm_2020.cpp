#include "neurons/dynamics.hpp"
#include "neurons/models.hpp"

namespace eprop::neurons {
namespace {

/// Leaky integrate-and-fire neuron with a soft reset that takes effect one step after the spike
/// and, if adaptive, a threshold that grows with each spike (Bellec et al. 2020, eqs. 6-10).
template <SurrogateGradient S, bool adaptive, bool forced>
void update(RecurrentBlock& b, Step t, const ArchiveRows& rows) {
  const auto n = b.size();
  double* __restrict v = b.v.data();
  double* __restrict z = b.z.data();
  double* __restrict r = b.refractory.data();
  [[maybe_unused]] double* __restrict a = b.a.data();
  double* __restrict input = b.input.data();
  double* __restrict current = b.current.data();
  double* __restrict n_spikes = b.n_spikes.data();
  [[maybe_unused]] double* __restrict psi = rows.surrogate_gradient;
  [[maybe_unused]] double* __restrict next = b.next_forced.data();
  [[maybe_unused]] const double* __restrict P_i = b.P_i.data();
  [[maybe_unused]] const double* __restrict P_z = b.P_z.data();
  [[maybe_unused]] const double* __restrict alpha = b.alpha.data();
  [[maybe_unused]] const double* __restrict v_th = b.v_th.data();
  [[maybe_unused]] const double* __restrict v_min = b.v_min.data();
  [[maybe_unused]] const double* __restrict rho = b.rho.data();
  [[maybe_unused]] const double* __restrict beta = b.beta.data();
  [[maybe_unused]] const double* __restrict inverse_width = b.inverse_width.data();
  [[maybe_unused]] const double* __restrict height = b.height.data();
  [[maybe_unused]] const double* __restrict forced_interval = b.forced_interval.data();
  [[maybe_unused]] const double* __restrict t_ref = b.t_ref.data();
  [[maybe_unused]] const double* __restrict I_e = b.I_e.data();
#pragma omp simd
  for (std::size_t i = 0; i < n; ++i) {
    r[i] = larger(r[i] - 1.0, 0.0);
    const double u =
        integrate(P_i[i], current[i], P_z[i], input[i], alpha[i], v[i]) - v_th[i] * z[i];
    v[i] = larger(u, v_min[i]);
    double threshold = v_th[i];
    if constexpr (adaptive) {
      a[i] = rho[i] * a[i] + z[i];
      threshold += beta[i] * a[i];
    }
    const double x = std::abs(v[i] - threshold) * inverse_width[i];
    const double gradient = height[i] * surrogate_gradient<S>(x);
    psi[i] = r[i] > 0.0 ? 0.0 : gradient;
    double spike;
    if constexpr (forced) {
      spike = forced_spike(next[i], forced_interval[i], t);
    } else {
      spike = (v[i] >= threshold) & (r[i] == 0.0) ? 1.0 : 0.0;
    }
    z[i] = spike;
    n_spikes[i] += spike;
    r[i] = spike != 0.0 ? t_ref[i] : r[i];
    current[i] = I_e[i];
    input[i] = 0.0;
  }
  b.collect_spikes();
}

}  // namespace

RecurrentUpdate update_iaf_bsshslm_2020(SurrogateGradient s, bool adaptive, bool forced) {
  return dispatch(s, [&]<SurrogateGradient S>() {
    return dispatch(adaptive, [&]<bool A>() {
      return dispatch(forced, []<bool F>() -> RecurrentUpdate { return update<S, A, F>; });
    });
  });
}

}  // namespace eprop::neurons
