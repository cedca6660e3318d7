#include "plasticity/source_clock.hpp"

#include <algorithm>
#include <cmath>

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
  return trace_input(clock, mode, t).with_cutoff(static_cast<double>(mode.parameters.cutoff));
}

double power(double base, Step exponent) {
  return exponent == 0 ? 1.0 : std::pow(base, static_cast<double>(exponent));
}

namespace {

/// The presynaptic trace after the steps [from, to), if all targets share alpha.
double advance_trace(double z_bar, const SourceClock& clock, const TransmissionMode& mode,
                     Step from, Step to) {
  if (to <= from) return z_bar;
  const auto& p = mode.parameters;
  const Step last_entry = std::min(to, clock.last + 1);
  for (; from < last_entry; ++from) {
    z_bar = p.alpha * z_bar + shared_trace_input(clock, mode, from);
  }
  return z_bar * power(p.alpha, to - from);
}

}  // namespace

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
