#pragma once

#include <map>
#include <string_view>

#include "core/column.hpp"
#include "core/partition.hpp"
#include "network/drawn_value.hpp"
#include "network/model_traits.hpp"
#include "network/parameters.hpp"

namespace eprop::network {

/// Per parameter name one value per neuron of a range.
using ParameterColumns = std::map<std::string_view, core::Column>;

/// Draws all parameters of model `m` for the neurons `range` of population number `population`.
template <class M>
ParameterColumns parameter_columns(const M& m, core::Range range, std::uint64_t seed,
                                   std::uint32_t population) {
  ParameterColumns columns;
  const core::RandomStream random(seed, core::Purpose::neuron_parameter, population);
  std::uint32_t draw = 0;
  const auto add = [&](const ParameterInfo& info, const Value& value) {
    const DrawnValue drawn(value, random, draw++);
    auto& column = columns[info.name];
    column.reserve(range.size());
    for (auto i = range.begin; i < range.end; ++i) column.push_back(drawn(i));
  };
  visit_parameters(m, add);
  add(initial_potential, m.V_m ? *m.V_m : m.E_L);
  if (!m.V_m) columns[initial_potential.name] = columns.at("E_L");
  return columns;
}

}  // namespace eprop::network
