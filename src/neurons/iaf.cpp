#include "neurons/choose_update.hpp"
#include "neurons/columns.hpp"

namespace eprop::neurons {
namespace {

/// As the bsshslm_2020 neuron, but the soft reset takes effect within the step of the spike
/// (Korcsak-Gorzo et al. 2025).
template <SurrogateGradient S, bool adaptive, bool forced>
void update(RecurrentBlock& b, Step t, const ArchiveRows& rows) {
  const Columns c(b, rows);
  const auto n = b.size();
#pragma omp simd
  for (std::size_t i = 0; i < n; ++i) {
    c.r[i] = larger(c.r[i] - 1.0, 0.0);
    const double u = integrate(c.P_i[i], c.current[i], 1.0, c.input[i], c.alpha[i], c.v[i]);
    c.v[i] = larger(u, c.v_min[i]);
    double threshold = c.v_th[i];
    if constexpr (adaptive) {
      c.a[i] = c.rho[i] * c.a[i] + c.z[i];
      threshold += c.beta[i] * c.a[i];
    }
    c.archive_surrogate_gradient<S>(i, threshold);
    const double spiked = c.spike<forced>(i, (c.v[i] >= threshold) & (c.r[i] == 0.0), t);
    c.v[i] = spiked != 0.0 ? c.v[i] - c.v_th[i] : c.v[i];
    c.archive_regularization(i, spiked);
  }
  b.collect_spikes();
}

constexpr auto updates = []<SurrogateGradient S, bool adaptive, bool forced>() -> RecurrentUpdate {
  return update<S, adaptive, forced>;
};

}  // namespace

RecurrentUpdate update_of(const EpropIaf& model) { return choose_update(model, updates); }
RecurrentUpdate update_of(const EpropIafAdapt& model) { return choose_update(model, updates); }

}  // namespace eprop::neurons
