#pragma once

#include "plasticity/transmission_update.hpp"

namespace eprop::plasticity {

/// One step of the traces of a row onto recurrent neurons that share their parameters; `z` is the
/// presynaptic trace of all its synapses. Writes their gradients to g.
void step_recurrent_shared(synapses::SynapseTile& tile, const synapses::Row& row, Step t, double z,
                           const TransmissionTargets& at, double* g);

/// The same where every target has its own parameters, and every synapse its own trace, which
/// `input` enters; `begin` is the first step of the open interval.
void step_recurrent(synapses::SynapseTile& tile, const synapses::Row& row, Step t, Step begin,
                    const TraceInput& input, const TransmissionTargets& at, double* g);

/// The same for readouts, shared parameters or not.
void step_readout(synapses::SynapseTile& tile, const synapses::Row& row, Step t, Step begin,
                  double z, const TraceInput& input, const TransmissionTargets& at, double* g);

}  // namespace eprop::plasticity
