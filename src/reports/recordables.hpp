#pragma once

#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "eprop/step.hpp"
#include "recording/sonata.hpp"
#include "state/worker.hpp"

namespace eprop::reports {

/// How a variable is read: from a block, or from what lies beside the block of neurons that learn.
using Recordable = std::variant<const neurons::Variable<neurons::RecurrentBlock>*,
                                const neurons::Variable<neurons::ReadoutBlock>*,
                                const neurons::Variable<state::RecurrentPart>*>;

/// What a model's neurons can record, with units.
[[nodiscard]] std::vector<std::pair<Recordable, recording::sonata::Variable>> recordables(
    const NeuronModel& model);

/// The one of that name; InvalidParameter about `thing` if the model has none.
[[nodiscard]] std::pair<Recordable, recording::sonata::Variable> recordable(
    const NeuronModel& model, const std::string& name, const std::string& thing);

/// Writes a variable of some neurons (relative to the block) after step t to every `stride`-th
/// place of `into`; before the first step, t = -1, its initial value.
void sample(const state::RecurrentPart& part, Recordable variable,
            std::span<const std::uint32_t> neurons, Step t, double* into, std::size_t stride);
void sample(const state::ReadoutPart& part, Recordable variable,
            std::span<const std::uint32_t> neurons, Step t, double* into, std::size_t stride);

}  // namespace eprop::reports
