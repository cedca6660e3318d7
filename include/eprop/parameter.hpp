#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "eprop/value.hpp"

/// How a model is described: groups of parameters, each with the table of what is in it.
/// set_parameter(), checks, random draws and checkpoints go by these tables.
namespace eprop {

/// What the values of a parameter must be.
enum class Rule {
  finite,
  positive,
  non_negative,
  unit_interval,
  boolean,
  time,           ///< a multiple of dt, >= 0
  positive_time,  ///< a multiple of dt, >= dt
  cutoff,         ///< a multiple of dt, >= 0, or infinite
  lower_bound,    ///< finite or -infinity
};

/// A parameter that neurons may differ in.
template <class Group>
struct Parameter {
  std::string_view name;
  std::string_view unit;
  Rule rule;
  std::uint32_t key;  ///< of its random draws, in addition to that of the group in the model
  Value Group::*member;
};

/// A parameter that is true or false for all neurons.
template <class Group>
struct Flag {
  std::string_view name;
  bool Group::*member;
};

/// A parameter that is a word, the same for all neurons; `words` in the order of the enumeration.
template <class Group, class Enum>
struct Word {
  std::string_view name;
  Enum Group::*member;
  std::span<const std::string_view> words;
};

/// A group as a model has it. The keys of random draws must never change, or the same seed would
/// give another network: a group that is added to a model begins behind the others, and a parameter
/// that is added to a group has a key that is free in all models that have the group.
template <class G, std::uint32_t key>
struct At {
  using Group = G;
  static constexpr std::uint32_t first_key = key;
};

/// The parameters of a model, in the order in which they are listed.
template <class... Places>
struct Groups : Places::Group... {
  /// Calls visit.operator()<Group, first key>() for all groups.
  template <class F>
  static constexpr void for_each_group(F&& visit) {
    (visit.template operator()<typename Places::Group, Places::first_key>(), ...);
  }
};

}  // namespace eprop
