#pragma once

#include "eprop/step.hpp"
#include "plasticity/transmission_update.hpp"

namespace eprop::plasticity {

/// Adds the gradients of a row over the steps [from, to) of its open interval to those in the
/// scratch, and moves its traces on, by a few operations per synapse for each stretch of steps
/// without a spike (see TransmissionArchive).
void sum_by_prefixes(const TransmittingRow& r, Step from, Step to);

/// Adds the gradients of a row onto readouts that share their parameters to those in the scratch,
/// step by step. The one trace they have is the clock's.
void sum_by_steps(const TransmittingRow& r, Step from, Step to);

}  // namespace eprop::plasticity
