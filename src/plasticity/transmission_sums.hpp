#pragma once

#include "plasticity/transmission_update.hpp"

namespace eprop::plasticity {

/// Adds the gradients of a row over the steps [from, to) of its open interval to its gradient_sum,
/// and moves its traces on, by a few operations per synapse for each stretch of steps without a
/// spike (see TransmissionArchive).
void sum_by_prefixes(synapses::SynapseTile& tile, const synapses::Row& row,
                     const SourceClock& clock, Step from, Step to, const TransmissionTargets& at);

/// The same for a row onto readouts that share their parameters, step by step.
void sum_over_readouts(synapses::SynapseTile& tile, const synapses::Row& row,
                       const SourceClock& clock, Step from, Step to, const TransmissionTargets& at);

}  // namespace eprop::plasticity
