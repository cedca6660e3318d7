#include "plasticity/transmission_update.hpp"

#include <algorithm>

#include "plasticity/transmission_steps.hpp"
#include "plasticity/transmission_sums.hpp"

namespace eprop::plasticity {

namespace {

using synapses::Row;
using synapses::SynapseTile;

/// Optimizations of a row, done + 1 to n, with the gradients summed so far.
void optimize_sums(SynapseTile& tile, const Row& row, const TransmissionOptimizer& o,
                   std::int64_t done, std::int64_t n, TransmissionScratch& scratch) {
  double* sum = tile.gradient_sum.data() + row.first;
  double* mean = scratch.mean.data();
  const auto batch = static_cast<double>(o.parameters.batch_size);
  for (std::uint32_t s = 0; s < row.size; ++s) {
    mean[s] = sum[s] / batch;
    sum[s] = 0.0;
  }
  optimize_up_to(tile, row.first, row.size, mean, o, done, n, o.parameters.rate(o.eta, n), scratch);
}

void add_to_sums(SynapseTile& tile, const Row& row, const double* g) {
  double* sum = tile.gradient_sum.data() + row.first;
  for (std::uint32_t s = 0; s < row.size; ++s) sum[s] += g[s];
}

/// Takes the gradients of step t of a row that has optimized `done` times, and returns how often it
/// has after that.
std::int64_t take_gradient(SynapseTile& tile, const Row& row, const double* g, Step t,
                           std::int64_t done, const TransmissionOptimizer& o,
                           TransmissionScratch& scratch) {
  if (o.sums()) add_to_sums(tile, row, g);
  if (!o.each_step) return done;
  const auto& p = o.parameters;
  const auto n = o.due_after_step(t);
  if (!o.counts()) {
    optimize(tile, p, row.first, row.size, g, o.eta);
  } else if (done < n && o.sums()) {
    optimize_sums(tile, row, o, done, n, scratch);
  } else if (done < n) {
    optimize_up_to(tile, row.first, row.size, g, o, done, n, p.rate(o.eta, n), scratch);
  }
  return std::max(done, n);
}

/// The same for synapses that reach their targets' own cutoffs at different times: past it, a step
/// is no optimization.
void take_gradient_before_cutoff(SynapseTile& tile, const Row& row, const double* g, Step t,
                                 Step begin, const TransmissionTargets& at,
                                 const TransmissionOptimizer& o, TransmissionScratch& scratch) {
  const auto& cutoff = at.readouts ? at.readout_block->cutoff : at.block->cutoff;
  const auto n = o.due_after_step(t);
  const auto batch = static_cast<double>(o.parameters.batch_size);
  const double rate = n > 0 ? o.parameters.rate(o.eta, n) : 0.0;
  for (std::uint32_t s = 0; s < row.size; ++s) {
    const auto synapse = row.first + s;
    if (static_cast<double>(t - begin) >= cutoff[at.offset + tile.target[synapse]]) continue;
    double mean = g[s];
    if (o.sums()) mean = tile.gradient_sum[synapse] += g[s];
    auto& done = tile.optimizations[synapse];
    if (done >= n) continue;
    mean /= batch;
    optimize_up_to(tile, synapse, 1, &mean, o, done, n, rate, scratch);
    if (o.sums()) tile.gradient_sum[synapse] = 0.0;
    done = n;
  }
}

/// The steps [from, to), one by one; from `end` on, traces only decay.
void handle_by_steps(SynapseTile& tile, const Row& row, const SourceClock& clock, Step from,
                     Step end, Step to, const TransmissionTargets& at,
                     const TransmissionOptimizer& o, TransmissionScratch& scratch) {
  const auto& mode = at.mode;
  const Step begin = begin_of(clock, mode);
  double z_bar = clock.z_bar;
  auto done = clock.optimizations;
  for (Step t = from; t < to; ++t) {
    const auto input = trace_input(clock, mode, t);
    if (mode.shared) {
      z_bar = mode.parameters.alpha.base() * z_bar + shared_trace_input(clock, mode, t);
    }
    double* g = scratch.gradient.data();
    if (at.readouts) {
      step_readout(tile, row, t, begin, z_bar, input, at, g);
    } else if (mode.shared) {
      step_recurrent_shared(tile, row, t, z_bar, at, g);
    } else {
      step_recurrent(tile, row, t, begin, input, at, g);
    }
    if (t >= end) continue;
    if (tile.optimizations.empty()) {
      done = take_gradient(tile, row, g, t, done, o, scratch);
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
  scale(tile.e_bar, p.kappa(steps));
  if (!mode.one_filter) scale(tile.e_reg, p.kappa_reg(steps));
  scale(tile.epsilon, p.rho(steps));
}

}  // namespace

void add_transmission_state(SynapseTile& tile, const TransmissionMode& mode, bool readouts,
                            bool adaptive, const TransmissionOptimizer& o) {
  const auto n = tile.size();
  if (!readouts) {
    tile.e_bar.assign(n, 0.0);
    if (!mode.one_filter) tile.e_reg.assign(n, 0.0);
    if (adaptive) tile.epsilon.assign(n, 0.0);
  }
  if (!mode.shared) tile.z_bar.assign(n, 0.0);
  if (o.counts() && o.each_step && !mode.one_cutoff) tile.optimizations.assign(n, 0);
  if (o.sums()) tile.gradient_sum.assign(n, 0.0);
}

void handle(SynapseTile& tile, std::uint32_t source, const SourceClock& clock, Step limit,
            const TransmissionTargets& at, const TransmissionOptimizer& o,
            TransmissionScratch& scratch) {
  const Row row(tile, source);
  if (row.size == 0) return;
  scratch.reserve(row.size);
  const auto& mode = at.mode;
  const Step from = std::max<Step>(clock.handled, 0);
  const Step end = mode.one_cutoff
                       ? std::max(from, std::min(limit, begin_of(clock, mode) + mode.cutoff))
                       : limit;
  if (!mode.shared) {
    handle_by_steps(tile, row, clock, from, end, limit, at, o, scratch);
    return;
  }
  if (at.readouts && !o.each_step) {
    sum_by_steps(tile, row, clock, from, end, at);
  } else if (!at.readouts && mode.uses_sums(o)) {
    sum_by_prefixes(tile, row, clock, from, end, at);
  } else {
    handle_by_steps(tile, row, clock, from, end, end, at, o, scratch);
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
  const auto n = o.due_with_spike(arrival);
  if (o.counts()) {
    if (clock.optimizations < n) optimize_sums(tile, row, o, clock.optimizations, n, scratch);
    return;
  }
  const auto& p = o.parameters;
  double* sum = tile.gradient_sum.data() + row.first;
  optimize(tile, p, row.first, row.size, sum, o.eta);
  std::fill_n(sum, row.size, 0.0);
}

}  // namespace eprop::plasticity
