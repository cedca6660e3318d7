#pragma once

#include "eprop/step.hpp"
#include "plasticity/transmission_update.hpp"

namespace eprop::plasticity {

/// One step of the traces of a row onto recurrent neurons that share their parameters; `z` is the
/// presynaptic trace of all its synapses. Writes their gradients to the scratch.
void step_recurrent_shared(const TransmittingRow& r, Step t, double z);

/// The same where every target has its own parameters, and every synapse its own trace, which
/// `input` enters.
void step_recurrent(const TransmittingRow& r, Step t, const TraceInput& input);

/// The same for readouts, shared parameters (with the trace `z`) or not (with `input`).
void step_readout(const TransmittingRow& r, Step t, double z, const TraceInput& input);

}  // namespace eprop::plasticity
