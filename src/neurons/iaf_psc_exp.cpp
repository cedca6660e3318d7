#include "neurons/choose_update.hpp"
#include "neurons/columns.hpp"

namespace eprop::neurons {
namespace {

/// As eprop_iaf, with arriving weights that pass an exponentially decaying synaptic current (exact
/// integration: Rotter & Diesmann 1999).
template <SurrogateGradient S, bool forced>
void update(RecurrentBlock& b, Step t, const ArchiveRows& rows) {
  const Columns c(b, rows);
  double* i_syn = b.i_syn.data();
  const double *alpha_syn = b.alpha_syn.data(), *P_s = b.P_s.data();
  const auto n = b.size();
#pragma omp simd
  for (std::size_t i = 0; i < n; ++i) {
    c.r[i] = larger(c.r[i] - 1.0, 0.0);
    const double u = integrate(c.P_i[i], c.current[i], P_s[i], i_syn[i], c.alpha[i], c.v[i]);
    i_syn[i] = alpha_syn[i] * i_syn[i] + c.input[i];
    c.v[i] = larger(u, c.v_min[i]);
    c.archive_surrogate_gradient<S>(i, c.v_th[i]);
    const double spiked = c.spike<forced>(i, (c.v[i] >= c.v_th[i]) & (c.r[i] == 0.0), t);
    c.v[i] = spiked != 0.0 ? c.v[i] - c.v_th[i] : c.v[i];
    c.archive_regularization(i, spiked);
  }
  b.collect_spikes();
}

constexpr auto updates = []<SurrogateGradient S, bool adaptive, bool forced>() -> RecurrentUpdate {
  static_assert(!adaptive, "its threshold is constant");
  return update<S, forced>;
};

}  // namespace

RecurrentUpdate update_of(const EpropIafPscExp& model) { return choose_update(model, updates); }

}  // namespace eprop::neurons
