#pragma once

#include <cstdint>

#include "eprop/step.hpp"
#include "plasticity/transmission_archive.hpp"
#include "plasticity/transmission_optimizer.hpp"

namespace eprop::plasticity {

/// The derivative of a target's state by the weight of a spike's synapse, the presynaptic trace.
struct PresynapticTrace {
  double z_bar = 0.0;  ///< of the potential
  double i_bar = 0.0;  ///< of the synaptic current, with two filters

  /// One step, in which `z` enters.
  void advance(const SharedParameters& p, bool two_filters, double z) {
    z_bar = p.alpha.base() * z_bar + (two_filters ? p.P_s * i_bar : z);
    if (two_filters) i_bar = p.alpha_syn * i_bar + z;
  }
};

/// Where a source stands with its synapses onto one thread's targets; the first spike only starts
/// the clock.
struct SourceClock {
  Step last = -1;                  ///< step in which its last spike arrived; -1: none yet
  Step handled = 0;                ///< first step of the open interval that is not handled
  std::uint64_t recent = 0;        ///< bit i: a spike arrived in step last - i
  bool had_interval = false;       ///< an interval has been closed
  PresynapticTrace trace;          ///< where all targets share its parameters
  std::int64_t optimizations = 0;  ///< done, if they count, but see SynapseTile::optimizations
};

/// The largest D that SourceClock::recent covers.
inline constexpr Step longest_lag = 63;

/// First step of the open interval.
[[nodiscard]] inline Step begin_of(const SourceClock& clock, const TransmissionMode& mode) {
  return clock.last - mode.lag;
}

/// What a spike adds to presynaptic traces in a step.
struct TraceInput {
  double usual;
  double one_step;  ///< of targets with a cutoff of one step
  [[nodiscard]] double with_cutoff(double steps) const { return steps == 1.0 ? one_step : usual; }
};

/// What enters in step t of the open interval.
[[nodiscard]] TraceInput trace_input(const SourceClock& clock, const TransmissionMode& mode,
                                     Step t);
/// The same where all targets have the mode's cutoff.
[[nodiscard]] double shared_trace_input(const SourceClock& clock, const TransmissionMode& mode,
                                        Step t);

/// Moves a clock on after its tiles have been handled up to `limit`.
void catch_up(SourceClock& clock, Step limit, const TransmissionMode& mode,
              const TransmissionOptimizer& optimizer);

/// Moves a clock on after its tiles have learnt up to a transmission in step `arrival`.
void finish_interval(SourceClock& clock, Step arrival, const TransmissionMode& mode,
                     const TransmissionOptimizer& optimizer);

/// The same with the first spike, or after that transmission: begins the next interval.
void restart(SourceClock& clock, Step arrival, const TransmissionMode& mode,
             const TransmissionOptimizer& optimizer);

/// Whether the cutoff leaves nothing to be handled in a clock's open interval.
[[nodiscard]] bool beyond_cutoff(const SourceClock& clock, const TransmissionMode& mode);

}  // namespace eprop::plasticity
