#include "plasticity/transmission_update.hpp"

#include <algorithm>
#include <cmath>

#include "neurons/surrogate_gradient.hpp"

namespace eprop::plasticity {
namespace {

using synapses::Row;
using synapses::SynapseTile;

/// First step of the open interval.
Step begin_of(const SourceClock& clock, const TransmissionMode& mode) {
  return clock.last - mode.lag;
}

/// Whether a spike enters the presynaptic trace in step t. With a cutoff of one step and D = 1, the
/// step of a spike lies past the cutoff; it enters with the first step of the next interval.
bool spike_enters(const SourceClock& clock, const TransmissionMode& mode, Step cutoff, Step t) {
  if (mode.lag == 1 && cutoff == 1) return clock.had_interval && t == begin_of(clock, mode);
  const Step ago = clock.last - t;
  return ago >= 0 && ago <= longest_lag && ((clock.recent >> ago) & 1U) != 0;
}

double power(double base, Step exponent) {
  return exponent == 0 ? 1.0 : std::pow(base, static_cast<double>(exponent));
}

/// The presynaptic trace after the steps [from, to), if all targets share alpha.
double advance_trace(double z_bar, const SourceClock& clock, const TransmissionMode& mode,
                     Step from, Step to) {
  if (to <= from) return z_bar;
  const auto& p = mode.parameters;
  const Step last_entry = std::min(to, clock.last + 1);
  for (; from < last_entry; ++from) {
    z_bar = p.alpha * z_bar + (spike_enters(clock, mode, p.cutoff, from) ? 1.0 : 0.0);
  }
  return z_bar * power(p.alpha, to - from);
}

/// Optimizations of a row up to number n; the first sees the gradients summed so far, the others
/// zero.
void advance_optimizer(SynapseTile& tile, const Row& row, const OptimizerParameters& p, double eta,
                       std::int64_t n, TransmissionScratch& scratch) {
  auto* done = tile.optimizations.data() + row.first;
  double* sum = tile.gradient_sum.data() + row.first;
  const auto batch = static_cast<double>(p.batch_size);
  const auto run = [&](std::uint32_t from, std::uint32_t size) {
    double* g = scratch.gradient.data();
    for (std::uint32_t s = 0; s < size; ++s) {
      g[s] = sum[from + s] / batch;
      sum[from + s] = 0.0;
    }
    const auto first = done[from] + 1;
    optimize(tile, p, row.first + from, size, g, p.rate(eta, first));
    if (p.adam) {
      for (auto k = first + 1; k <= n; ++k) {
        optimize(tile, p, row.first + from, size, scratch.zeros.data(), p.rate(eta, k));
      }
    }
    std::fill_n(done + from, size, n);
    clip(tile, p, row.first + from, size);
  };
  if (std::all_of(done, done + row.size, [&](std::int64_t d) { return d == done[0]; })) {
    if (done[0] < n) run(0, row.size);
    return;
  }
  for (std::uint32_t s = 0; s < row.size; ++s) {
    if (done[s] < n) run(s, 1);
  }
}

/// Adds the gradients of step t to the row and, if asked for, optimizes with them.
void take_gradient(SynapseTile& tile, const Row& row, const double* g, Step t,
                   const TransmissionOptimizer& o, TransmissionScratch& scratch) {
  const auto& p = o.parameters;
  if (o.each_step && !tile.counts_optimizations()) {
    optimize(tile, p, row.first, row.size, g, o.eta);
    clip(tile, p, row.first, row.size);
    return;
  }
  double* sum = tile.gradient_sum.data() + row.first;
  for (std::uint32_t s = 0; s < row.size; ++s) sum[s] += g[s];
  if (o.each_step) {
    advance_optimizer(tile, row, p, o.eta, (t + 1) / p.batch_size, scratch);
  }
}

/// Calls f(from, to, index) for the row's runs of consecutive targets, index(i) being the target of
/// synapse from + i; for scattered targets once.
template <class F>
void for_each_run(const SynapseTile& tile, const Row& row, F&& f) {
  const auto* target = tile.target.data() + row.first;
  if (row.runs == 0) {
    f(0U, row.size, [target](std::uint32_t i) { return std::size_t{target[i]}; });
    return;
  }
  const auto dense = [&](std::uint32_t from, std::uint32_t to) {
    const std::size_t first = target[from];
    f(from, to, [first](std::uint32_t i) { return first + i; });
  };
  dense(0, row.cut);
  if (row.runs == 2) dense(row.cut, row.size);
}

/// What a step needs of the row's targets; pointers to the tile's first.
struct StepRow {
  const double *psi, *signal, *reg, *beta;
  double z, kappa, kappa_reg, rho;
};

/// One step of synapses onto recurrent neurons that share their parameters (models: "Gradient and
/// weight update, plus").
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

void step_recurrent_shared(SynapseTile& tile, const Row& row, Step t, double z,
                           const TransmissionTargets& at, double* g) {
  const auto& p = at.mode.parameters;
  const bool adaptive = !tile.epsilon.empty();
  const StepRow step{.psi = at.surrogate_gradient->row(t) + at.offset,
                     .signal = at.archive->signal.row(t) + at.offset,
                     .reg = at.archive->regularization.row(t) + at.offset,
                     .beta = adaptive ? at.block->beta.data() + at.offset : nullptr,
                     .z = z,
                     .kappa = p.kappa,
                     .kappa_reg = p.kappa_reg,
                     .rho = p.rho};
  const auto column = [&](std::vector<double>& values, std::uint32_t from) {
    return values.empty() ? nullptr : values.data() + row.first + from;
  };
  for_each_run(tile, row, [&](std::uint32_t from, std::uint32_t to, auto index) {
    neurons::dispatch(adaptive, [&]<bool A>() {
      neurons::dispatch(at.mode.one_filter, [&]<bool F>() {
        step_shared<A, F>(step, to - from, index, column(tile.e_bar, from),
                          column(tile.e_reg, from), column(tile.epsilon, from), g + from);
      });
    });
  });
}

/// The same where every target has its own parameters, and every synapse its own trace.
void step_recurrent(SynapseTile& tile, const Row& row, Step t, Step begin, bool enters,
                    const TransmissionTargets& at, double* g) {
  const auto& b = *at.block;
  const double* psi = at.surrogate_gradient->row(t) + at.offset;
  const double* signal = at.archive->signal.row(t) + at.offset;
  const double* reg = at.archive->regularization.row(t) + at.offset;
  const auto* target = tile.target.data() + row.first;
  double* e_bar = tile.e_bar.data() + row.first;
  double* e_reg = tile.e_reg.data() + row.first;
  double* z_bar = tile.z_bar.data() + row.first;
  double* eps = tile.epsilon.empty() ? nullptr : tile.epsilon.data() + row.first;
  for (std::uint32_t s = 0; s < row.size; ++s) {
    const auto j = target[s];
    const auto i = at.offset + j;
    z_bar[s] = b.alpha[i] * z_bar[s] + (enters ? 1.0 : 0.0);
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

void step_readout(SynapseTile& tile, const Row& row, Step t, Step begin, double z, bool enters,
                  const TransmissionTargets& at, double* g) {
  const auto& b = *at.readout_block;
  const double* E = at.errors->row(t) + b.neurons.begin + at.offset;
  const auto* target = tile.target.data() + row.first;
  double* z_bar = tile.z_bar.empty() ? nullptr : tile.z_bar.data() + row.first;
  for (std::uint32_t s = 0; s < row.size; ++s) {
    const auto i = at.offset + target[s];
    if (z_bar != nullptr) {
      z_bar[s] = b.alpha[i] * z_bar[s] + (enters ? 1.0 : 0.0);
      z = z_bar[s];
    }
    g[s] = static_cast<double>(t - begin) < b.cutoff[i] ? E[target[s]] * z : 0.0;
  }
}

/// The steps [from, to), one by one.
void handle_by_steps(SynapseTile& tile, const Row& row, const SourceClock& clock, Step from,
                     Step to, const TransmissionTargets& at, const TransmissionOptimizer& o,
                     TransmissionScratch& scratch) {
  const Step begin = begin_of(clock, at.mode);
  const Step cutoff = at.mode.shared ? at.mode.parameters.cutoff : longest_lag;
  double z_bar = clock.z_bar;
  for (Step t = from; t < to; ++t) {
    const bool enters = spike_enters(clock, at.mode, cutoff, t);
    if (at.mode.shared) z_bar = at.mode.parameters.alpha * z_bar + (enters ? 1.0 : 0.0);
    double* g = scratch.gradient.data();
    if (at.readouts) {
      step_readout(tile, row, t, begin, z_bar, enters, at, g);
    } else if (at.mode.shared) {
      step_recurrent_shared(tile, row, t, z_bar, at, g);
    } else {
      step_recurrent(tile, row, t, begin, enters, at, g);
    }
    take_gradient(tile, row, g, t, o, scratch);
  }
}

/// The row's part of a stretch [a, b) of a block in which no spike enters after step a: closed form
/// from prefix sums. trace <- decay * trace + z * gain * (F_b - F_a) g += trace * rise (G_b - G_a)
/// + z * lift (G_b (F_b - F_a) - (H_b - H_a))
struct Stretch {
  const double *F_a, *G_a, *H_a;  ///< sums before a; null: zero
  const double *F_b, *G_b, *H_b;
  double rise, lift, decay, gain;
};

Stretch stretch(const core::StepRing& F, const core::StepRing& G, const core::StepRing& H,
                std::size_t offset, Step a, Step b, double z, double alpha, double kappa,
                double weight) {
  const Step a0 = a % prefix_block, n = b - a;
  const bool at_begin = a0 == 0;
  const auto before = [&](const core::StepRing& ring) {
    return at_begin ? nullptr : ring.row(a - 1) + offset;
  };
  const double z_scaled = z * weight * power(alpha, -a0);
  return {.F_a = before(F),
          .G_a = before(G),
          .H_a = before(H),
          .F_b = F.row(b - 1) + offset,
          .G_b = G.row(b - 1) + offset,
          .H_b = H.row(b - 1) + offset,
          .rise = power(kappa, 1 - a0),
          .lift = z_scaled,
          .decay = power(kappa, n),
          .gain = z_scaled * power(kappa, a0 + n - 1)};
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

void add_stretch(const Stretch& s, const SynapseTile& tile, const Row& row, double* trace,
                 double* g) {
  for_each_run(tile, row, [&](std::uint32_t from, std::uint32_t to, auto index) {
    neurons::dispatch(s.F_a == nullptr, [&]<bool at_begin>() {
      add_stretch<at_begin>(s, to - from, index, trace + from, g + from);
    });
  });
}

/// Sums the gradients of the steps [from, to) into g.
void sum_by_prefixes(SynapseTile& tile, const Row& row, const SourceClock& clock, Step from,
                     Step to, double z_bar, const TransmissionTargets& at, double* g) {
  const auto& p = at.mode.parameters;
  const auto& archive = *at.archive;
  std::fill_n(g, row.size, 0.0);
  double* e_bar = tile.e_bar.data() + row.first;
  for (Step a = from; a < to;) {
    z_bar = p.alpha * z_bar + (spike_enters(clock, at.mode, p.cutoff, a) ? 1.0 : 0.0);
    Step b = std::min(to, (a / prefix_block + 1) * prefix_block);
    for (Step t = a + 1; t < std::min(b, clock.last + 1); ++t) {
      if (spike_enters(clock, at.mode, p.cutoff, t)) b = t;
    }
    add_stretch(
        stretch(archive.F, archive.G, archive.H, at.offset, a, b, z_bar, p.alpha, p.kappa, 1.0),
        tile, row, e_bar, g);
    if (!at.mode.one_filter) {
      add_stretch(stretch(archive.F_reg, archive.G_reg, archive.H_reg, at.offset, a, b, z_bar,
                          p.alpha, p.kappa_reg, 1.0 - p.kappa_reg),
                  tile, row, tile.e_reg.data() + row.first, g);
    }
    z_bar *= power(p.alpha, b - a - 1);
    a = b;
  }
}

/// Traces over `steps` steps past the cutoff.
void decay_traces(SynapseTile& tile, const Row& row, const TransmissionMode& mode, Step steps) {
  if (steps <= 0) return;
  const auto scale = [&](std::vector<double>& column, double factor) {
    if (column.empty()) return;
    for (std::uint32_t s = 0; s < row.size; ++s) column[row.first + s] *= factor;
  };
  const auto& p = mode.parameters;
  scale(tile.e_bar, power(p.kappa, steps));
  if (!mode.one_filter) scale(tile.e_reg, power(p.kappa_reg, steps));
  scale(tile.epsilon, power(p.rho, steps));
}

}  // namespace

void add_transmission_state(SynapseTile& tile, const TransmissionMode& mode, bool readouts,
                            bool adaptive, const OptimizerParameters& optimizer, bool each_step) {
  const auto n = tile.size();
  if (!readouts) {
    tile.e_bar.assign(n, 0.0);
    if (!mode.one_filter) tile.e_reg.assign(n, 0.0);
    if (adaptive) tile.epsilon.assign(n, 0.0);
  }
  if (!mode.shared) tile.z_bar.assign(n, 0.0);
  if (optimizer.adam || optimizer.batch_size > 1) tile.optimizations.assign(n, 0);
  if (!each_step || tile.counts_optimizations()) tile.gradient_sum.assign(n, 0.0);
}

void handle(SynapseTile& tile, std::uint32_t source, const SourceClock& clock, Step limit,
            const TransmissionTargets& at, const TransmissionOptimizer& o,
            TransmissionScratch& scratch) {
  const Row row(tile, source);
  if (row.size == 0) return;
  if (scratch.gradient.size() < row.size) {
    scratch.gradient.resize(row.size);
    scratch.zeros.resize(row.size, 0.0);
  }
  const auto& mode = at.mode;
  const Step from = std::max<Step>(clock.handled, 0);
  if (!mode.shared) {
    handle_by_steps(tile, row, clock, from, limit, at, o, scratch);
    return;
  }
  const Step end = std::max(from, std::min(limit, begin_of(clock, mode) + mode.parameters.cutoff));
  if (mode.prefix_sums && !at.readouts && !o.each_step) {
    double* g = scratch.gradient.data();
    sum_by_prefixes(tile, row, clock, from, end, clock.z_bar, at, g);
    double* sum = tile.gradient_sum.data() + row.first;
    for (std::uint32_t s = 0; s < row.size; ++s) sum[s] += g[s];
  } else {
    handle_by_steps(tile, row, clock, from, end, at, o, scratch);
  }
  decay_traces(tile, row, mode, limit - end);
}

void transmit_plastic(SynapseTile& tile, std::uint32_t source, const SourceClock& clock,
                      Step arrival, const TransmissionTargets& at, const TransmissionOptimizer& o,
                      TransmissionScratch& scratch) {
  handle(tile, source, clock, arrival - at.mode.lag, at, o, scratch);
  if (o.each_step) return;
  const Row row(tile, source);
  if (row.size == 0) return;
  const auto& p = o.parameters;
  if (tile.counts_optimizations()) {
    advance_optimizer(tile, row, p, o.eta, (arrival - o.delay) / p.batch_size, scratch);
    return;
  }
  double* sum = tile.gradient_sum.data() + row.first;
  optimize(tile, p, row.first, row.size, sum, o.eta);
  clip(tile, p, row.first, row.size);
  std::fill_n(sum, row.size, 0.0);
}

void catch_up(SourceClock& clock, Step limit, const TransmissionMode& mode) {
  if (mode.shared) {
    clock.z_bar = advance_trace(clock.z_bar, clock, mode, std::max<Step>(clock.handled, 0), limit);
  }
  clock.handled = limit;
}

void restart(SourceClock& clock, Step arrival, const TransmissionMode& mode) {
  if (clock.last >= 0) {
    catch_up(clock, arrival - mode.lag, mode);
    clock.had_interval = true;
    const Step isi = arrival - clock.last;
    clock.recent = isi > longest_lag ? 0 : clock.recent << isi;
  } else {
    clock.handled = arrival - mode.lag;
  }
  clock.recent |= 1U;
  clock.last = arrival;
}

bool beyond_cutoff(const SourceClock& clock, const TransmissionMode& mode) {
  return mode.shared && clock.handled >= begin_of(clock, mode) + mode.parameters.cutoff;
}

}  // namespace eprop::plasticity
