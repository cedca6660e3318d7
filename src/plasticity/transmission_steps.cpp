#include "plasticity/transmission_steps.hpp"

#include "neurons/surrogate_gradient.hpp"

namespace eprop::plasticity {

namespace {

/// What a step needs of the row's targets; pointers to the tile's first.
struct StepRow {
  const double *psi, *signal, *reg, *beta;
  double z, kappa, kappa_reg, rho;
};

/// One step of synapses onto recurrent neurons that share their parameters (Korcsak-Gorzo et
/// al. 2025; docs/models/eprop_synapse.md).
template <bool adaptive, bool one_filter, class Index>
void step_shared(const StepRow& at, std::uint32_t n, Index index, double* __restrict e_bar,
                 double* __restrict e_reg, double* __restrict eps, double* __restrict g) {
#pragma omp simd
  for (std::uint32_t s = 0; s < n; ++s) {
    const auto j = index(s);
    double e = at.psi[j] * at.z;
    if constexpr (adaptive) {
      e = at.psi[j] * (at.z - at.beta[j] * eps[s]);
      eps[s] = at.rho * eps[s] + e;
    }
    e_bar[s] = at.kappa * e_bar[s] + e;
    double gradient = at.signal[j] * e_bar[s];
    if constexpr (!one_filter) {
      e_reg[s] = at.kappa_reg * e_reg[s] + (1.0 - at.kappa_reg) * e;
      gradient += at.reg[j] * e_reg[s];
    }
    g[s] = gradient;
  }
}

}  // namespace

void step_recurrent_shared(const TransmittingRow& r, Step t, double z) {
  const auto& at = r.at;
  const auto& p = at.mode.parameters;
  double* const e_bar = r.column(r.tile.e_bar);
  double* const e_reg = r.column(r.tile.e_reg);
  double* const eps = r.column(r.tile.epsilon);
  const bool adaptive = eps != nullptr;
  const StepRow step{.psi = at.surrogate_gradient->row(t) + at.offset,
                     .signal = at.archive->signal.row(t) + at.offset,
                     .reg = at.archive->regularization.row(t) + at.offset,
                     .beta = adaptive ? at.block->beta.data() + at.offset : nullptr,
                     .z = z,
                     .kappa = p.kappa.base(),
                     .kappa_reg = p.kappa_reg.base(),
                     .rho = p.rho.base()};
  const auto moved = [](double* column, std::uint32_t from) {
    return column == nullptr ? nullptr : column + from;
  };
  double* const g = r.scratch.gradient.data();
  for_each_run(r.row, [&](std::uint32_t from, std::uint32_t to, auto index) {
    neurons::dispatch(adaptive, [&]<bool A>() {
      neurons::dispatch(at.mode.one_filter, [&]<bool F>() {
        step_shared<A, F>(step, to - from, index, moved(e_bar, from), moved(e_reg, from),
                          moved(eps, from), g + from);
      });
    });
  });
}

void step_recurrent(const TransmittingRow& r, Step t, const TraceInput& input) {
  const auto& at = r.at;
  const auto& b = *at.block;
  const Step begin = begin_of(r.clock, at.mode);
  const double* psi = at.surrogate_gradient->row(t) + at.offset;
  const double* signal = at.archive->signal.row(t) + at.offset;
  const double* reg = at.archive->regularization.row(t) + at.offset;
  const auto* target = r.tile.target.data() + r.row.first;
  double* const e_bar = r.column(r.tile.e_bar);
  double* const e_reg = r.column(r.tile.e_reg);
  double* const z_bar = r.column(r.tile.z_bar);
  double* const i_bar = r.column(r.tile.i_bar);
  double* const eps = r.column(r.tile.epsilon);
  double* const g = r.scratch.gradient.data();
  for (std::uint32_t s = 0; s < r.row.size; ++s) {
    const auto j = target[s];
    const auto i = at.offset + j;
    double enters = input.with_cutoff(b.cutoff[i]);
    if (i_bar != nullptr) {
      const double current = i_bar[s];
      i_bar[s] = b.alpha_syn[i] * current + enters;
      enters = b.P_s[i] * current;
    }
    z_bar[s] = b.alpha[i] * z_bar[s] + enters;
    const bool active = static_cast<double>(t - begin) < b.cutoff[i];
    double e = active ? psi[j] * z_bar[s] : 0.0;
    if (eps != nullptr) {
      e = active ? psi[j] * (z_bar[s] - b.beta[i] * eps[s]) : 0.0;
      eps[s] = b.rho[i] * eps[s] + e;
    }
    e_bar[s] = b.kappa[i] * e_bar[s] + e;
    e_reg[s] = b.kappa_reg[i] * e_reg[s] + (1.0 - b.kappa_reg[i]) * e;
    g[s] = active ? signal[j] * e_bar[s] + reg[j] * e_reg[s] : 0.0;
  }
}

void step_readout(const TransmittingRow& r, Step t, double z, const TraceInput& input) {
  const auto& at = r.at;
  const auto& b = *at.readout_block;
  const Step begin = begin_of(r.clock, at.mode);
  const double* E = at.errors->row(t) + b.neurons.begin + at.offset;
  const auto* target = r.tile.target.data() + r.row.first;
  double* const z_bar = r.column(r.tile.z_bar);
  double* const g = r.scratch.gradient.data();
  for (std::uint32_t s = 0; s < r.row.size; ++s) {
    const auto i = at.offset + target[s];
    if (z_bar != nullptr) {
      z_bar[s] = b.alpha[i] * z_bar[s] + input.with_cutoff(b.cutoff[i]);
      z = z_bar[s];
    }
    g[s] = static_cast<double>(t - begin) < b.cutoff[i] ? E[target[s]] * z : 0.0;
  }
}

}  // namespace eprop::plasticity
