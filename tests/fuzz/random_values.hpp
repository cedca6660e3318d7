#pragma once

#include <string>

#include "dice.hpp"
#include "eprop/connection_rules.hpp"
#include "eprop/neuron_models.hpp"
#include "eprop/synapse_models.hpp"

namespace eprop::fuzz {

/// A number, an array for `size` elements or a distribution.
[[nodiscard]] Value random_value(Dice& dice, double low, double high, std::size_t size);

/// So many steps of dt.
[[nodiscard]] double random_time(Dice& dice, std::uint64_t least, std::uint64_t most, double dt);

/// Gives a model random parameters.
void randomize(Dice& dice, NeuronModel& model, std::uint32_t size, double dt);
void randomize(Dice& dice, Optimizer& optimizer);

/// Gives a parameter of a model, of all neurons, another value, and returns its name.
std::string spoil(Dice& dice, NeuronModel& model, double value);

[[nodiscard]] ConnectionRule random_rule(Dice& dice, std::uint32_t sources, std::uint32_t targets);

}  // namespace eprop::fuzz
