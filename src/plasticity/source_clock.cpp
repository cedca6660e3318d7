#include "plasticity/source_clock.hpp"

#include <algorithm>

namespace eprop::plasticity {

TraceInput trace_input(const SourceClock& clock, const TransmissionMode& mode, Step t) {
  const Step ago = clock.last - t;
  const bool arrives = ago >= 0 && ago <= longest_lag && ((clock.recent >> ago) & 1U) != 0;
  TraceInput input{arrives ? 1.0 : 0.0, arrives ? 1.0 : 0.0};
  // With a cutoff of one step and D = 1, the step of a spike lies past the cutoff; it enters with
  // the first step of the next interval.
  if (mode.lag == 1) {
    input.one_step = clock.had_interval && t == begin_of(clock, mode) ? 1.0 : 0.0;
  }
  return input;
}

double shared_trace_input(const SourceClock& clock, const TransmissionMode& mode, Step t) {
  return trace_input(clock, mode, t).with_cutoff(static_cast<double>(mode.cutoff));
}

namespace {

/// The presynaptic trace after the steps [from, to), if all targets share its parameters.
PresynapticTrace advance_trace(PresynapticTrace trace, const SourceClock& clock,
                               const TransmissionMode& mode, Step from, Step to) {
  if (to <= from) return trace;
  const auto& p = mode.parameters;
  const Step last_entry = std::min(to, clock.last + 1);
  for (; from < last_entry; ++from) {
    trace.advance(p, mode.two_filters, shared_trace_input(clock, mode, from));
  }
  if (!mode.two_filters) {
    trace.z_bar *= p.alpha(to - from);
    return trace;
  }
  for (; from < to && (trace.z_bar != 0.0 || trace.i_bar != 0.0); ++from) {
    trace.advance(p, true, 0.0);
  }
  return trace;
}

}  // namespace

void catch_up(SourceClock& clock, Step limit, const TransmissionMode& mode,
              const TransmissionOptimizer& o) {
  const Step from = std::max<Step>(clock.handled, 0);
  if (mode.shared) clock.trace = advance_trace(clock.trace, clock, mode, from, limit);
  if (o.each_step && mode.one_cutoff) {
    const Step end = std::min(limit, begin_of(clock, mode) + mode.cutoff);
    if (end > from) clock.optimizations = o.due_after_step(end - 1);
  }
  clock.handled = limit;
}

void finish_interval(SourceClock& clock, Step arrival, const TransmissionMode& mode,
                     const TransmissionOptimizer& o) {
  catch_up(clock, arrival - mode.lag, mode, o);
  if (!o.each_step) clock.optimizations = o.due_with_spike(arrival);
}

void restart(SourceClock& clock, Step arrival, const TransmissionMode& mode,
             const TransmissionOptimizer& o) {
  if (clock.last >= 0) {
    finish_interval(clock, arrival, mode, o);
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
  return mode.shared && clock.handled >= begin_of(clock, mode) + mode.cutoff;
}

}  // namespace eprop::plasticity
