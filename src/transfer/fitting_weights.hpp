#pragma once

#include <span>
#include <string>
#include <string_view>

#include "eprop/weights.hpp"
#include "plan/plan.hpp"

/// Whether weights can be those of a projection. All functions throw InvalidParameter about
/// `thing`, that is where the weights are from, unless they can.
namespace eprop::transfer {

/// They are finite and within the bounds of the optimizer.
void require_possible(const std::string& thing, const plan::ProjectionPlan& projection,
                      std::span<const double> weights);

/// A matrix can stand for these synapses, because no pair of neurons has several.
void require_single_synapses(const std::string& thing, const SynapseTable& synapses);

/// `given` has the synapses `wanted` of the projection of that name, in the same order.
void require_same_synapses(const std::string& thing, std::string_view projection,
                           const SynapseTable& wanted, const SynapseTable& given);

}  // namespace eprop::transfer
