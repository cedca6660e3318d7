#pragma once

#include "plasticity/transmission_update.hpp"

namespace eprop::plasticity {

/// Sums the gradients of a row over the steps [from, to) of its open interval into g, and moves its
/// traces on, by a few operations per synapse for each stretch of steps without a spike (see
/// TransmissionArchive).
void sum_by_prefixes(synapses::SynapseTile& tile, const synapses::Row& row,
                     const SourceClock& clock, Step from, Step to, const TransmissionTargets& at,
                     double* g);

}  // namespace eprop::plasticity
