#include "neurons/choose_update.hpp"
#include "neurons/columns.hpp"

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
  const Columns c(b, rows);
  const auto n = b.size();
#pragma omp simd
  for (std::size_t i = 0; i < n; ++i) {
    const bool free = c.r[i] == 0.0;
    const double u = integrate(c.P_i[i], c.current[i], 1.0, c.input[i], c.alpha[i], c.v[i]);
    c.v[i] = free ? larger(u, c.v_min[i]) : c.v[i];
    double threshold = c.v_th[i];
    if constexpr (adaptive) {
      c.a[i] = free ? c.rho[i] * c.a[i] + c.z[i] : c.a[i];
      threshold += c.beta[i] * c.a[i];
    }
    c.r[i] = larger(c.r[i] - 1.0, 0.0);
    if constexpr (plastic) c.archive_surrogate_gradient<S>(i, threshold);
    const double spiked = c.spike<forced>(i, c.v[i] >= threshold, t);
    c.v[i] = spiked != 0.0 ? c.v_reset[i] : c.v[i];
    if constexpr (plastic) c.archive_regularization(i, spiked);
  }
  b.collect_spikes();
}

constexpr auto updates = []<SurrogateGradient S, bool adaptive, bool forced>() -> RecurrentUpdate {
  return update<S, adaptive, forced, true>;
};

}  // namespace

RecurrentUpdate update_of(const EpropIafPscDelta& model) { return choose_update(model, updates); }
RecurrentUpdate update_of(const EpropIafPscDeltaAdapt& model) {
  return choose_update(model, updates);
}
RecurrentUpdate update_of(const IafPscDelta&) {
  return update<SurrogateGradient::piecewise_linear, false, false, false>;
}

}  // namespace eprop::neurons
