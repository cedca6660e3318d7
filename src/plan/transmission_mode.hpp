#pragma once

#include "eprop/step.hpp"
#include "plan/plan.hpp"

namespace eprop::plan {

/// How the synapses onto a population of the plus family are updated; uses what the plan says of
/// projections and learning signals. InvalidParameter if its delays add up to more than is kept of
/// the presynaptic spikes.
[[nodiscard]] plasticity::TransmissionMode transmission_mode(const Plan& plan,
                                                             std::uint32_t population);

/// SignalPlan::lead; uses what the plan says of projections. InvalidParameter if there are
/// several.
[[nodiscard]] Step signal_lead(const Plan& plan, std::uint32_t recurrent, std::uint32_t readout);

}  // namespace eprop::plan
