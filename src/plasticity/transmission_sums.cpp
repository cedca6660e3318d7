#include "plasticity/transmission_sums.hpp"

#include <algorithm>

#include "neurons/surrogate_gradient.hpp"

namespace eprop::plasticity {

using synapses::Row;
using synapses::SynapseTile;

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

Stretch stretch(const core::StepRing& F, const core::StepRing& G, const core::StepRing& H,
                std::size_t offset, Step a, Step b, double z, const core::Powers& alpha,
                const core::Powers& kappa, double weight) {
  const Step a0 = a % prefix_block, n = b - a;
  const bool at_begin = a0 == 0;
  const auto before = [&](const core::StepRing& ring) {
    return at_begin ? nullptr : ring.row(a - 1) + offset;
  };
  const double z_scaled = z * weight * alpha(-a0);
  return {.F_a = before(F),
          .G_a = before(G),
          .H_a = before(H),
          .F_b = F.row(b - 1) + offset,
          .G_b = G.row(b - 1) + offset,
          .H_b = H.row(b - 1) + offset,
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

void sum_by_prefixes(SynapseTile& tile, const Row& row, const SourceClock& clock, Step from,
                     Step to, const TransmissionTargets& at, double* g) {
  const auto& p = at.mode.parameters;
  const auto& archive = *at.archive;
  double z_bar = clock.z_bar;
  std::fill_n(g, row.size, 0.0);
  double* e_bar = tile.e_bar.data() + row.first;
  for (Step a = from; a < to;) {
    z_bar = p.alpha.base() * z_bar + shared_trace_input(clock, at.mode, a);
    Step b = std::min(to, (a / prefix_block + 1) * prefix_block);
    for (Step t = a + 1; t < std::min(b, clock.last + 1); ++t) {
      if (shared_trace_input(clock, at.mode, t) != 0.0) b = t;
    }
    add_stretch(
        stretch(archive.F, archive.G, archive.H, at.offset, a, b, z_bar, p.alpha, p.kappa, 1.0),
        row, e_bar, g);
    if (!at.mode.one_filter) {
      add_stretch(stretch(archive.F_reg, archive.G_reg, archive.H_reg, at.offset, a, b, z_bar,
                          p.alpha, p.kappa_reg, 1.0 - p.kappa_reg.base()),
                  row, tile.e_reg.data() + row.first, g);
    }
    z_bar *= p.alpha(b - a - 1);
    a = b;
  }
}

}  // namespace eprop::plasticity
