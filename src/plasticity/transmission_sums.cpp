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
  std::size_t neurons;     ///< of the block
  const double* before_a;  ///< PrefixSums, F of the tile's first target; null: zero
  const double* before_b;
  double rise, lift, decay, gain;
};

/// One low-pass filter.
struct Filter {
  const PrefixSums& sums;
  const core::Powers& kappa;
  double weight;  ///< of what enters it
};

/// With the presynaptic trace z in step a; `first` is the tile's first target in the block.
Stretch stretch(const Filter& filter, std::size_t first, Step a, Step b, double z,
                const core::Powers& alpha) {
  const auto& [sums, kappa, weight] = filter;
  const Step a0 = a % prefix_block;
  const double z_scaled = z * weight * alpha(-a0);
  return {.neurons = sums.neurons,
          .before_a = a0 == 0 ? nullptr : sums.f(a - 1) + first,
          .before_b = sums.f(b - 1) + first,
          .rise = kappa(1 - a0),
          .lift = z_scaled,
          .decay = kappa(b - a),
          .gain = z_scaled * kappa(a0 + b - a - 1)};
}

template <bool at_begin, class Index>
void add_stretch(const Stretch& s, std::uint32_t n, Index j, double* __restrict trace,
                 double* __restrict g) {
  const auto G_of = s.neurons, H_of = 2 * s.neurons;
  const double* __restrict at_a = s.before_a;
  const double* __restrict at_b = s.before_b;
#pragma omp simd
  for (std::uint32_t i = 0; i < n; ++i) {
    const auto k = j(i);
    const double G_b = at_b[G_of + k];
    const double F = at_begin ? at_b[k] : at_b[k] - at_a[k];
    const double G = at_begin ? G_b : G_b - at_a[G_of + k];
    const double H = at_begin ? at_b[H_of + k] : at_b[H_of + k] - at_a[H_of + k];
    g[i] += trace[i] * s.rise * G + s.lift * (G_b * F - H);
    trace[i] = s.decay * trace[i] + s.gain * F;
  }
}

void add_stretch(const Stretch& s, const Row& row, double* trace, double* g) {
  for_each_run(row, [&](std::uint32_t from, std::uint32_t to, auto index) {
    neurons::dispatch(s.before_a == nullptr, [&]<bool at_begin>() {
      add_stretch<at_begin>(s, to - from, index, trace + from, g + from);
    });
  });
}

}  // namespace

void sum_by_prefixes(const TransmittingRow& r, Step from, Step to) {
  const auto& at = r.at;
  const auto& p = at.mode.parameters;
  const auto& archive = *at.archive;
  const Filter signal{archive.sums, p.kappa, 1.0};
  const Filter regularization{archive.sums_reg, p.kappa_reg, 1.0 - p.kappa_reg.base()};
  double z_bar = r.clock.trace.z_bar;
  double* const g = r.scratch.gradient.data();
  double* const e_bar = r.column(r.tile.e_bar);
  double* const e_reg = r.column(r.tile.e_reg);
  for (Step a = from; a < to;) {
    z_bar = p.alpha.base() * z_bar + shared_trace_input(r.clock, at.mode, a);
    Step b = std::min(to, (a / prefix_block + 1) * prefix_block);
    for (Step t = a + 1; t < std::min(b, r.clock.last + 1); ++t) {
      if (shared_trace_input(r.clock, at.mode, t) != 0.0) b = t;
    }
    add_stretch(stretch(signal, at.offset, a, b, z_bar, p.alpha), r.row, e_bar, g);
    if (!at.mode.one_filter) {
      add_stretch(stretch(regularization, at.offset, a, b, z_bar, p.alpha), r.row, e_reg, g);
    }
    z_bar *= p.alpha(b - a - 1);
    a = b;
  }
}

void sum_by_steps(const TransmittingRow& r, Step from, Step to) {
  const auto& at = r.at;
  const double alpha = at.mode.parameters.alpha.base();
  const std::size_t first = at.readout_block->neurons.begin + at.offset;
  for_each_run(r.row, [&](std::uint32_t begin, std::uint32_t end, auto readout) {
    double* __restrict g = r.scratch.gradient.data() + begin;
    double z_bar = r.clock.trace.z_bar;
    for (Step t = from; t < to; ++t) {
      z_bar *= alpha;
      if (t <= r.clock.last) z_bar += shared_trace_input(r.clock, at.mode, t);
      const double* __restrict E = at.errors->row(t) + first;
      for (std::uint32_t s = 0; s < end - begin; ++s) g[s] += E[readout(s)] * z_bar;
    }
  });
}

}  // namespace eprop::plasticity
