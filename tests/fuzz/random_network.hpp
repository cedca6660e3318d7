#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dice.hpp"
#include "eprop/network.hpp"
#include "transcript.hpp"

namespace eprop::fuzz {

/// A description of populations of any models and sizes, and of what connects them; the parts that
/// were refused are left out. Nothing if its options were.
[[nodiscard]] std::optional<Network> random_network(Dice& dice, Transcript& transcript);

/// Spike times of so many neurons within so many steps from `first` on.
[[nodiscard]] std::vector<std::vector<double>> random_trains(Dice& dice, std::size_t neurons,
                                                             double first, double steps, double dt);
/// Amplitudes of so many generators within so many steps from `first` on.
[[nodiscard]] StepRates random_rates(Dice& dice, std::size_t generators, double first, double steps,
                                     double dt);

/// The index of a population or another thing, of which there are `n`.
template <class Handle>
[[nodiscard]] Handle random_handle(Dice& dice, std::size_t n) {
  return {dice.index(n)};
}

}  // namespace eprop::fuzz
