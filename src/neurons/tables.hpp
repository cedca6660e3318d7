#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/column.hpp"
#include "eprop/neuron_models.hpp"
#include "eprop/step.hpp"

/// What the tables beside the blocks are made of: checkpoints, reset() and recordings go by them.
namespace eprop::neurons {

inline bool all_models(const NeuronModel&) { return true; }

/// A column of a block's state between two steps.
template <class State>
struct StateColumn {
  std::string_view name;  ///< in checkpoints
  core::Column State::*member;
  std::optional<double> reset;  ///< what reset() sets it to; it leaves other columns as they are
  std::string_view initial;     ///< parameter that is but its first value; empty: none
  /// Which models have it in their checkpoints. A column of all models is there, but empty, where a
  /// model does not have it.
  bool (*in_checkpoints)(const NeuronModel&) = all_models;
};

/// A variable of a block that can be recorded.
template <class Block>
struct Variable {
  std::string_view name;
  /// Its unit in a model; empty if the model does not have it.
  std::string_view (*unit)(const NeuronModel&);
  /// Writes the values of some neurons (relative to the block) after step t to every `stride`-th
  /// place of `into`; before the first step, t = -1, the initial values.
  void (*sample)(const Block&, std::span<const std::uint32_t> neurons, Step t, double* into,
                 std::size_t stride);
};

/// Variable::sample of read(block, neuron, t).
template <class Block, auto read>
void sample_each(const Block& block, std::span<const std::uint32_t> neurons, Step t, double* into,
                 std::size_t stride) {
  for (std::size_t i = 0; i < neurons.size(); ++i) into[i * stride] = read(block, neurons[i], t);
}

/// Sets the columns that have a reset value to it.
template <class State>
void reset_columns(State& state, std::span<const StateColumn<State>> columns) {
  for (const auto& c : columns) {
    if (c.reset) (state.*c.member).assign((state.*c.member).size(), *c.reset);
  }
}

/// Bytes of all columns.
template <class State>
std::uint64_t bytes_of_columns(const State& state, std::span<const StateColumn<State>> columns) {
  std::uint64_t sum = 0;
  for (const auto& c : columns) sum += core::bytes_of(state.*c.member);
  return sum;
}

/// Whether a parameter is but the first value of a column.
template <class State>
bool is_initial(std::string_view parameter, std::span<const StateColumn<State>> columns) {
  for (const auto& c : columns) {
    if (c.initial == parameter) return true;
  }
  return false;
}

}  // namespace eprop::neurons
