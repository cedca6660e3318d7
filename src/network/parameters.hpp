#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/field_count.hpp"
#include "eprop/neuron_models.hpp"

/// Everything that handles parameters by name or as a whole (checks, setting by name, columns)
/// visits the tables of a model's groups here.
namespace eprop::network {

struct ParameterInfo {
  std::string_view name;
  std::string_view unit;
  Rule rule;
  std::uint32_t key;  ///< of its random draws
};

/// Calls visit(info, value) for all parameters that neurons may differ in, but the initial
/// potential.
template <class M, class V>
void visit_parameters(M& m, V&& visit) {
  M::for_each_group([&]<class Group, std::uint32_t first_key>() {
    if constexpr (requires { Group::parameters; }) {
      for (const auto& p : Group::parameters) {
        visit(ParameterInfo{p.name, p.unit, p.rule, first_key + p.key}, m.*p.member);
      }
    }
  });
}

/// Calls visit(name, word, known words) for the parameters that are words.
template <class M, class V>
void visit_words(M& m, V&& visit) {
  M::for_each_group([&]<class Group, std::uint32_t>() {
    if constexpr (requires { Group::words; }) {
      for (const auto& word : Group::words) visit(word.name, m.*word.member, word.words);
    }
  });
}

/// Calls visit(name, flag) for the parameters that are true or false for all neurons: those of the
/// last group first, as checkpoints describe them.
template <class M, class V>
void visit_flags(M& m, V&& visit) {
  using Bool = std::conditional_t<std::is_const_v<M>, const bool, bool>;
  std::vector<std::pair<std::string_view, Bool*>> flags;
  M::for_each_group([&]<class Group, std::uint32_t>() {
    if constexpr (requires { Group::flags; }) {
      for (const auto& flag : Group::flags) flags.emplace_back(flag.name, &(m.*flag.member));
    }
  });
  for (auto flag = flags.rbegin(); flag != flags.rend(); ++flag) visit(flag->first, *flag->second);
}

/// The initial potential, which need not be given; the key is that of the group in the model.
inline constexpr ParameterInfo initial_potential{"V_m", "mV", Rule::finite, 0};

template <class M>
ParameterInfo initial_potential_of() {
  auto info = initial_potential;
  M::for_each_group([&]<class Group, std::uint32_t first_key>() {
    if constexpr (std::is_same_v<Group, InitialPotential>) info.key = first_key;
  });
  return info;
}

/// Entries in a group's tables.
template <class Group>
consteval std::size_t entries() {
  std::size_t n = 0;
  if constexpr (requires { Group::parameters; }) n += std::size(Group::parameters);
  if constexpr (requires { Group::flags; }) n += std::size(Group::flags);
  if constexpr (requires { Group::words; }) n += std::size(Group::words);
  return n;
}

/// Every member of a model's groups stands in their tables.
template <class M>
consteval bool tables_are_complete() {
  bool complete = true;
  M::for_each_group([&]<class Group, std::uint32_t>() {
    if constexpr (!std::is_same_v<Group, InitialPotential>) {
      complete = complete && core::field_count<Group>() == entries<Group>();
    }
  });
  return complete;
}

/// No two parameters of a model share their random draws.
template <class M>
consteval bool keys_differ() {
  std::vector<std::uint32_t> keys;
  M::for_each_group([&]<class Group, std::uint32_t first_key>() {
    if constexpr (requires { Group::parameters; }) {
      for (const auto& p : Group::parameters) keys.push_back(first_key + p.key);
    }
    if constexpr (std::is_same_v<Group, InitialPotential>) keys.push_back(first_key);
  });
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) == keys.end();
}

template <class... M>
consteval bool well_described(const std::variant<M...>*) {
  static_assert((tables_are_complete<M>() && ...), "a parameter is missing in its group's table");
  static_assert((keys_differ<M>() && ...), "two parameters have the same key");
  return true;
}
static_assert(well_described(static_cast<const NeuronModel*>(nullptr)));

}  // namespace eprop::network
