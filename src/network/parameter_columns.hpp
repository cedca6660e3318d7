#pragma once

#include <map>
#include <string_view>

#include "core/column.hpp"
#include "core/partition.hpp"
#include "network/drawn_value.hpp"
#include "network/model_traits.hpp"
#include "network/parameters.hpp"

namespace eprop::network {

/// Visits every parameter of model `m` with its random numbers. The initial potential is visited
/// last, and only if it is given.
template <class M, class V>
void visit_drawn_parameters(const M& m, const core::RandomStream& random, V&& visit) {
  const auto drawn = [&](const ParameterInfo& info, const Value& value) {
    visit(info, value, DrawnValue(value, random, info.key));
  };
  visit_parameters(m, drawn);
  if (m.V_m) drawn(initial_potential_of<M>(), *m.V_m);
}

/// Per parameter name one value per neuron of a range.
using ParameterColumns = std::map<std::string_view, core::Column>;

/// Draws all parameters of model `m` for the neurons `range` of population number `population`.
template <class M>
ParameterColumns parameter_columns(const M& m, core::Range range, std::uint64_t seed,
                                   std::uint32_t population) {
  ParameterColumns columns;
  const core::RandomStream random(seed, core::Purpose::neuron_parameter, population);
  visit_drawn_parameters(m, random,
                         [&](const ParameterInfo& info, const Value&, const DrawnValue& drawn) {
                           auto& column = columns[info.name];
                           column.reserve(range.size());
                           for (auto i = range.begin; i < range.end; ++i) {
                             column.push_back(drawn(i));
                           }
                         });
  if (!m.V_m) columns[initial_potential.name] = columns.at("E_L");
  return columns;
}

}  // namespace eprop::network
