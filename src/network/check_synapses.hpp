#pragma once

#include <cstdint>
#include <string_view>

#include "eprop/network.hpp"

namespace eprop::network {

/// Checks that a rule fits the populations it connects. Throws InvalidParameter.
void check_rule(std::string_view thing, const ConnectionRule& rule, std::uint32_t sources,
                std::uint32_t targets, bool same_population);

/// Checks synapse parameters, the delay being set, against each other, the rule's weight array and
/// the target's learning rule.
void check_synapse(std::string_view thing, const Network::ProjectionSpec& projection,
                   const NeuronModel& target, std::uint32_t sources, std::uint32_t targets,
                   double dt);

/// Refuses delays of more than a step from recurrent neurons of the bsshslm_2020 family to its
/// readouts, plastic or not: learning signals are paired with the surrogate gradients of two steps
/// before.
void check_readout_delay(std::string_view thing, const SynapseModel& synapse,
                         const NeuronModel& source, const NeuronModel& target, double dt);

/// Checks the weights of learning signals: shape and finite constants, arrays and distributions.
void check_weight(std::string_view thing, const Value& weight, const ConnectionRule& rule,
                  std::uint32_t sources, std::uint32_t targets, double w_min, double w_max);

/// Length of the weight array that belongs to a rule (see connection_rules.hpp).
[[nodiscard]] std::uint64_t weight_array_size(const ConnectionRule& rule, std::uint32_t sources,
                                              std::uint32_t targets);

}  // namespace eprop::network
