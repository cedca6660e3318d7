#include "neurons/choose_update.hpp"
#include "neurons/columns.hpp"

namespace eprop::neurons {
namespace {

/// Leaky integrate-and-fire neuron with a soft reset that takes effect one step after the spike
/// and, if adaptive, a threshold that grows with each spike (Bellec et al. 2020, eqs. 6-10).
template <SurrogateGradient S, bool adaptive, bool forced>
void update(RecurrentBlock& b, Step t, const ArchiveRows& rows) {
  const Columns c(b, rows);
  const auto n = b.size();
#pragma omp simd
  for (std::size_t i = 0; i < n; ++i) {
    c.r[i] = larger(c.r[i] - 1.0, 0.0);
    const double u = integrate(c.P_i[i], c.current[i], c.P_z[i], c.input[i], c.alpha[i], c.v[i]);
    c.v[i] = larger(u - c.v_th[i] * c.z[i], c.v_min[i]);
    double threshold = c.v_th[i];
    if constexpr (adaptive) {
      c.a[i] = c.rho[i] * c.a[i] + c.z[i];
      threshold += c.beta[i] * c.a[i];
    }
    c.archive_surrogate_gradient<S>(i, threshold);
    c.n_spikes[i] += c.spike<forced>(i, (c.v[i] >= threshold) & (c.r[i] == 0.0), t);
  }
  b.collect_spikes();
}

constexpr auto updates = []<SurrogateGradient S, bool adaptive, bool forced>() -> RecurrentUpdate {
  return update<S, adaptive, forced>;
};

}  // namespace

RecurrentUpdate update_of(const EpropIafBsshslm2020& model) {
  return choose_update(model, updates);
}
RecurrentUpdate update_of(const EpropIafAdaptBsshslm2020& model) {
  return choose_update(model, updates);
}

}  // namespace eprop::neurons
