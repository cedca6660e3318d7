#include "plasticity/transmission_update.hpp"

#include <algorithm>

#include "plasticity/transmission_steps.hpp"
#include "plasticity/transmission_sums.hpp"

namespace eprop::plasticity {

namespace {

using synapses::Row;
using synapses::SynapseTile;

/// Optimizations of neighbouring synapses, which have done as many, up to number n; the first sees
/// the gradients summed so far, the others zero.
void optimize_up_to(SynapseTile& tile, std::uint32_t first, std::uint32_t size,
                    const OptimizerParameters& p, double eta, std::int64_t n,
                    TransmissionScratch& scratch) {
  auto* done = tile.optimizations.data() + first;
  if (done[0] >= n) return;
  double* sum = tile.gradient_sum.data() + first;
  double* g = scratch.mean.data();
  const auto batch = static_cast<double>(p.batch_size);
  for (std::uint32_t s = 0; s < size; ++s) {
    g[s] = sum[s] / batch;
    sum[s] = 0.0;
  }
  const auto next = done[0] + 1;
  optimize(tile, p, first, size, g, p.rate(eta, next));
  if (p.adam) {
    for (auto k = next + 1; k <= n; ++k) {
      optimize(tile, p, first, size, scratch.zeros.data(), p.rate(eta, k));
    }
  }
  std::fill_n(done, size, n);
  clip(tile, p, first, size);
}

void advance_optimizer(SynapseTile& tile, const Row& row, const OptimizerParameters& p, double eta,
                       std::int64_t n, TransmissionScratch& scratch) {
  const auto* done = tile.optimizations.data() + row.first;
  if (std::all_of(done, done + row.size, [&](std::int64_t d) { return d == done[0]; })) {
    optimize_up_to(tile, row.first, row.size, p, eta, n, scratch);
    return;
  }
  for (std::uint32_t s = 0; s < row.size; ++s) {
    optimize_up_to(tile, row.first + s, 1, p, eta, n, scratch);
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

/// The same for synapses that reach their targets' own cutoffs at different times: past it, a step
/// is no optimization.
void take_gradient_before_cutoff(SynapseTile& tile, const Row& row, const double* g, Step t,
                                 Step begin, const TransmissionTargets& at,
                                 const TransmissionOptimizer& o, TransmissionScratch& scratch) {
  if (!o.each_step || !tile.counts_optimizations()) {
    take_gradient(tile, row, g, t, o, scratch);
    return;
  }
  const auto& cutoff = at.readouts ? at.readout_block->cutoff : at.block->cutoff;
  const auto& p = o.parameters;
  for (std::uint32_t s = 0; s < row.size; ++s) {
    const auto synapse = row.first + s;
    if (static_cast<double>(t - begin) >= cutoff[at.offset + tile.target[synapse]]) continue;
    tile.gradient_sum[synapse] += g[s];
    optimize_up_to(tile, synapse, 1, p, o.eta, (t + 1) / p.batch_size, scratch);
  }
}

/// The steps [from, to), one by one.
void handle_by_steps(SynapseTile& tile, const Row& row, const SourceClock& clock, Step from,
                     Step to, const TransmissionTargets& at, const TransmissionOptimizer& o,
                     TransmissionScratch& scratch) {
  const Step begin = begin_of(clock, at.mode);
  double z_bar = clock.z_bar;
  for (Step t = from; t < to; ++t) {
    const auto input = trace_input(clock, at.mode, t);
    if (at.mode.shared) {
      z_bar = at.mode.parameters.alpha * z_bar + shared_trace_input(clock, at.mode, t);
    }
    double* g = scratch.gradient.data();
    if (at.readouts) {
      step_readout(tile, row, t, begin, z_bar, input, at, g);
    } else if (at.mode.shared) {
      step_recurrent_shared(tile, row, t, z_bar, at, g);
    } else {
      step_recurrent(tile, row, t, begin, input, at, g);
    }
    if (at.mode.shared) {
      take_gradient(tile, row, g, t, o, scratch);
    } else {
      take_gradient_before_cutoff(tile, row, g, t, begin, at, o, scratch);
    }
  }
}

/// Traces over `steps` steps past the cutoff.
void decay_traces(SynapseTile& tile, const Row& row, const TransmissionMode& mode, Step steps) {
  if (steps <= 0) return;
  const auto scale = [&](core::Column& column, double factor) {
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
    scratch.mean.resize(row.size);
    scratch.zeros.resize(row.size, 0.0);
  }
  const auto& mode = at.mode;
  const Step from = std::max<Step>(clock.handled, 0);
  if (!mode.shared) {
    handle_by_steps(tile, row, clock, from, limit, at, o, scratch);
    return;
  }
  const Step end = std::max(from, std::min(limit, begin_of(clock, mode) + mode.parameters.cutoff));
  // Adam divides by the gradient's own size: the digits that differences of sums lose in small ones
  // would show.
  if (mode.prefix_sums && !at.readouts && !o.each_step && !o.parameters.adam) {
    double* g = scratch.gradient.data();
    sum_by_prefixes(tile, row, clock, from, end, at, g);
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

}  // namespace eprop::plasticity
