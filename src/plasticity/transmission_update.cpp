#include "plasticity/transmission_update.hpp"

#include <algorithm>

#include "plasticity/transmission_steps.hpp"
#include "plasticity/transmission_sums.hpp"

namespace eprop::plasticity {

namespace {

using synapses::SynapseTile;

/// Optimizations of a row, done + 1 to n, with the gradients summed so far.
void optimize_sums(const TransmittingRow& r, std::int64_t done, std::int64_t n) {
  const auto& o = r.optimizer;
  double* sum = r.column(r.tile.gradient_sum);
  double* mean = r.scratch.mean.data();
  const auto batch = static_cast<double>(o.parameters.batch_size);
  for (std::uint32_t s = 0; s < r.row.size; ++s) {
    mean[s] = sum[s] / batch;
    sum[s] = 0.0;
  }
  optimize_up_to(r.tile, r.row.first, r.row.size, mean, o, done, n, o.parameters.rate(o.eta, n),
                 r.scratch);
}

void add_to_sums(const TransmittingRow& r) {
  double* sum = r.column(r.tile.gradient_sum);
  const double* g = r.scratch.gradient.data();
  for (std::uint32_t s = 0; s < r.row.size; ++s) sum[s] += g[s];
}

/// Takes the gradients of step t of a row that has optimized `done` times, and returns how often it
/// has after that.
std::int64_t take_gradient(const TransmittingRow& r, Step t, std::int64_t done) {
  const auto& o = r.optimizer;
  if (o.sums()) add_to_sums(r);
  if (!o.each_step) return done;
  const auto& p = o.parameters;
  const double* g = r.scratch.gradient.data();
  const auto n = o.due_after_step(t);
  if (!o.counts()) {
    optimize(r.tile, p, r.row.first, r.row.size, g, {o.eta, o.eta});
  } else if (done < n && o.sums()) {
    optimize_sums(r, done, n);
  } else if (done < n) {
    optimize_up_to(r.tile, r.row.first, r.row.size, g, o, done, n, p.rate(o.eta, n), r.scratch);
  }
  return std::max(done, n);
}

/// The same for synapses that reach their targets' own cutoffs at different times: past it, a step
/// is no optimization.
void take_gradient_before_cutoff(const TransmittingRow& r, Step t) {
  const auto& o = r.optimizer;
  auto& tile = r.tile;
  const auto& cutoff = r.at.readouts ? r.at.readout_block->cutoff : r.at.block->cutoff;
  const auto since_begin = static_cast<double>(t - begin_of(r.clock, r.mode()));
  const double* g = r.scratch.gradient.data();
  const auto n = o.due_after_step(t);
  const auto batch = static_cast<double>(o.parameters.batch_size);
  const auto rate = n > 0 ? o.parameters.rate(o.eta, n) : Rate{};
  for (std::uint32_t s = 0; s < r.row.size; ++s) {
    const auto synapse = r.row.first + s;
    if (since_begin >= cutoff[r.at.offset + tile.target[synapse]]) continue;
    double mean = g[s];
    if (o.sums()) mean = tile.gradient_sum[synapse] += g[s];
    auto& done = tile.optimizations[synapse];
    if (done >= n) continue;
    mean /= batch;
    optimize_up_to(tile, synapse, 1, &mean, o, done, n, rate, r.scratch);
    if (o.sums()) tile.gradient_sum[synapse] = 0.0;
    done = n;
  }
}

/// The steps [from, to), one by one; from `end` on, traces only decay.
void handle_by_steps(const TransmittingRow& r, Step from, Step end, Step to) {
  const auto& mode = r.mode();
  auto trace = r.clock.trace;
  auto done = r.clock.optimizations;
  for (Step t = from; t < to; ++t) {
    const auto input = trace_input(r.clock, mode, t);
    if (mode.shared) {
      trace.advance(mode.parameters, mode.two_filters, shared_trace_input(r.clock, mode, t));
    }
    if (r.at.readouts) {
      step_readout(r, t, trace.z_bar, input);
    } else if (mode.shared) {
      step_recurrent_shared(r, t, trace.z_bar);
    } else {
      step_recurrent(r, t, input);
    }
    if (t >= end) continue;
    if (r.tile.optimizations.empty()) {
      done = take_gradient(r, t, done);
    } else {
      take_gradient_before_cutoff(r, t);
    }
  }
}

/// Traces over `steps` steps past the cutoff.
void decay_traces(const TransmittingRow& r, Step steps) {
  if (steps <= 0) return;
  const auto scale = [&](core::Column& values, double factor) {
    double* const column = r.column(values);
    if (column == nullptr) return;
    for (std::uint32_t s = 0; s < r.row.size; ++s) column[s] *= factor;
  };
  const auto& p = r.mode().parameters;
  scale(r.tile.e_bar, p.kappa(steps));
  if (!r.mode().one_filter) scale(r.tile.e_reg, p.kappa_reg(steps));
  scale(r.tile.epsilon, p.rho(steps));
}

/// Whether gradient_sum has gradients already: nothing of an interval that is handled at once.
bool has_sums(const TransmittingRow& r) {
  return r.optimizer.counts() || r.clock.handled != begin_of(r.clock, r.mode());
}

/// The gradients of the steps [from, to) on top of those in gradient_sum.
void sum_up(const TransmittingRow& r, Step from, Step to) {
  double* const g = r.scratch.gradient.data();
  if (has_sums(r)) {
    std::copy_n(r.column(r.tile.gradient_sum), r.row.size, g);
  } else {
    std::fill_n(g, r.row.size, 0.0);
  }
  r.at.readouts ? sum_by_steps(r, from, to) : sum_by_prefixes(r, from, to);
}

/// Where the sums of gradients are: not yet in gradient_sum, whose place in memory mostly needs not
/// be touched then.
enum class Gradients { in_scratch, in_place };

/// handle(), for a row that has synapses.
Gradients learn(const TransmittingRow& r, Step limit) {
  r.scratch.reserve(r.row.size);
  const auto& mode = r.mode();
  const Step from = std::max<Step>(r.clock.handled, 0);
  const Step end = mode.one_cutoff
                       ? std::max(from, std::min(limit, begin_of(r.clock, mode) + mode.cutoff))
                       : limit;
  if (!mode.shared) {
    handle_by_steps(r, from, end, limit);
    return Gradients::in_place;
  }
  const bool sums = r.at.readouts ? !r.optimizer.each_step : mode.uses_sums(r.optimizer);
  sums ? sum_up(r, from, end) : handle_by_steps(r, from, end, end);
  decay_traces(r, limit - end);
  return sums ? Gradients::in_scratch : Gradients::in_place;
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
  if (!mode.shared) {
    tile.z_bar.assign(n, 0.0);
    if (mode.two_filters) tile.i_bar.assign(n, 0.0);
  }
  if (o.counts() && o.each_step && !mode.one_cutoff) tile.optimizations.assign(n, 0);
  if (o.sums()) tile.gradient_sum.assign(n, 0.0);
}

void handle(const TransmittingRow& r, Step limit) {
  if (r.row.size == 0) return;
  if (learn(r, limit) == Gradients::in_scratch) {
    std::copy_n(r.scratch.gradient.data(), r.row.size, r.column(r.tile.gradient_sum));
  }
}

void transmit_plastic(const TransmittingRow& r, Step arrival) {
  const auto& o = r.optimizer;
  const Step limit = arrival - r.mode().lag;
  if (r.row.size == 0) return;
  if (o.each_step || o.counts()) {
    handle(r, limit);
    const auto n = o.due_with_spike(arrival);
    if (!o.each_step && r.clock.optimizations < n) optimize_sums(r, r.clock.optimizations, n);
    return;
  }
  double* sum = r.column(r.tile.gradient_sum);
  const bool in_scratch = learn(r, limit) == Gradients::in_scratch;
  optimize(r.tile, o.parameters, r.row.first, r.row.size,
           in_scratch ? r.scratch.gradient.data() : sum, {o.eta, o.eta});
  if (!in_scratch || has_sums(r)) std::fill_n(sum, r.row.size, 0.0);
}

}  // namespace eprop::plasticity
