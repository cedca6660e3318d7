#include "plasticity/transmission_sums.hpp"

#include <algorithm>

#include "neurons/surrogate_gradient.hpp"

namespace eprop::plasticity {

using synapses::Row;

namespace {

/// The row's part of a stretch [a, b) of a block in which no spike enters after step a: closed form
/// from prefix sums.
///
///     g     += trace * rise * (G_b - G_a) + z * lift * (G_b (F_b - F_a) - (H_b - H_a))
///     trace <- decay * trace + z * gain * (F_b - F_a)
struct Stretch {
  const double *F_a, *G_a, *H_a;  ///< sums before a; null: zero
  const double *F_b, *G_b, *H_b;
  double rise, lift, decay, gain;
};

/// The sums of one low-pass filter.
struct FilteredSums {
  const core::StepRing &F, &G, &H;
  const core::Powers& kappa;
  double weight;  ///< of what enters the filter
};

/// The steps [a, b) of a block, and where the sums before a and before b lie.
struct Steps {
  Steps(const core::StepRing& ring, std::size_t offset, Step a, Step b)
      : a0(a % prefix_block),
        n(b - a),
        before_a(a0 == 0 ? 0 : ring.place(a - 1) + offset),
        before_b(ring.place(b - 1) + offset) {}

  Step a0;  ///< a, from the block's begin
  Step n;
  std::size_t before_a, before_b;
};

/// With the presynaptic trace z in step a.
Stretch stretch(const FilteredSums& sums, const Steps& steps, double z, const core::Powers& alpha) {
  const auto& [F, G, H, kappa, weight] = sums;
  const Step a0 = steps.a0, n = steps.n;
  const auto before_a = [&](const core::StepRing& ring) {
    return a0 == 0 ? nullptr : ring.at_place(steps.before_a);
  };
  const double z_scaled = z * weight * alpha(-a0);
  return {.F_a = before_a(F),
          .G_a = before_a(G),
          .H_a = before_a(H),
          .F_b = F.at_place(steps.before_b),
          .G_b = G.at_place(steps.before_b),
          .H_b = H.at_place(steps.before_b),
          .rise = kappa(1 - a0),
          .lift = z_scaled,
          .decay = kappa(n),
          .gain = z_scaled * kappa(a0 + n - 1)};
}

template <bool at_begin, class Index>
void add_stretch(const Stretch& s, std::uint32_t n, Index j, double* __restrict trace,
                 double* __restrict g) {
#pragma omp simd
  for (std::uint32_t i = 0; i < n; ++i) {
    const auto k = j(i);
    const double F = at_begin ? s.F_b[k] : s.F_b[k] - s.F_a[k];
    const double G = at_begin ? s.G_b[k] : s.G_b[k] - s.G_a[k];
    const double H = at_begin ? s.H_b[k] : s.H_b[k] - s.H_a[k];
    g[i] += trace[i] * s.rise * G + s.lift * (s.G_b[k] * F - H);
    trace[i] = s.decay * trace[i] + s.gain * F;
  }
}

void add_stretch(const Stretch& s, const Row& row, double* trace, double* g) {
  for_each_run(row, [&](std::uint32_t from, std::uint32_t to, auto index) {
    neurons::dispatch(s.F_a == nullptr, [&]<bool at_begin>() {
      add_stretch<at_begin>(s, to - from, index, trace + from, g + from);
    });
  });
}

}  // namespace

void sum_by_prefixes(const TransmittingRow& r, Step from, Step to) {
  const auto& at = r.at;
  const auto& p = at.mode.parameters;
  const auto& archive = *at.archive;
  const FilteredSums signal{archive.F, archive.G, archive.H, p.kappa, 1.0};
  const FilteredSums regularization{archive.F_reg, archive.G_reg, archive.H_reg, p.kappa_reg,
                                    1.0 - p.kappa_reg.base()};
  double z_bar = r.clock.trace.z_bar;
  double* const sum = r.column(r.tile.gradient_sum);
  double* const e_bar = r.column(r.tile.e_bar);
  double* const e_reg = r.column(r.tile.e_reg);
  for (Step a = from; a < to;) {
    z_bar = p.alpha.base() * z_bar + shared_trace_input(r.clock, at.mode, a);
    Step b = std::min(to, (a / prefix_block + 1) * prefix_block);
    for (Step t = a + 1; t < std::min(b, r.clock.last + 1); ++t) {
      if (shared_trace_input(r.clock, at.mode, t) != 0.0) b = t;
    }
    const Steps steps(archive.F, at.offset, a, b);
    add_stretch(stretch(signal, steps, z_bar, p.alpha), r.row, e_bar, sum);
    if (!at.mode.one_filter) {
      add_stretch(stretch(regularization, steps, z_bar, p.alpha), r.row, e_reg, sum);
    }
    z_bar *= p.alpha(b - a - 1);
    a = b;
  }
}

void sum_by_steps(const TransmittingRow& r, Step from, Step to) {
  const auto& at = r.at;
  const double alpha = at.mode.parameters.alpha.base();
  const std::size_t first = at.readout_block->neurons.begin + at.offset;
  double* const sums = r.column(r.tile.gradient_sum);
  for_each_run(r.row, [&](std::uint32_t begin, std::uint32_t end, auto readout) {
    double* __restrict sum = sums + begin;
    double z_bar = r.clock.trace.z_bar;
    for (Step t = from; t < to; ++t) {
      z_bar *= alpha;
      if (t <= r.clock.last) z_bar += shared_trace_input(r.clock, at.mode, t);
      const double* __restrict E = at.errors->row(t) + first;
      for (std::uint32_t s = 0; s < end - begin; ++s) sum[s] += E[readout(s)] * z_bar;
    }
  });
}

}  // namespace eprop::plasticity
