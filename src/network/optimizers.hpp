#pragma once

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "eprop/synapse_models.hpp"

/// The parameters of every optimizer with their units and rules, each listed once. Everything that
/// handles parameters by name or as a whole (checks, setting by name, words) visits this list.
namespace eprop::network {

/// What a number has to be, and how that is said.
struct NumberRule {
  bool (*holds)(double x);
  std::string_view words;
};

namespace number {
inline constexpr NumberRule any{[](double) { return true; }, ""};
inline constexpr NumberRule at_least_one{[](double x) { return x >= 1; }, "must be >= 1"};
inline constexpr NumberRule positive{[](double x) { return std::isfinite(x) && x > 0; },
                                     "must be > 0 and finite"};
inline constexpr NumberRule non_negative{[](double x) { return std::isfinite(x) && x >= 0; },
                                         "must be >= 0 and finite"};
inline constexpr NumberRule below_one{[](double x) { return x >= 0 && x < 1; },
                                      "must be in [0, 1)"};
}  // namespace number

struct OptimizerParameter {
  std::string_view name;
  std::string_view unit;
  NumberRule rule;
};

/// A parameter that an optimizer has besides those that all have.
template <class O>
struct OwnParameter {
  OptimizerParameter info;
  double O::*member;
};

/// OwnParameters<O>::table, of every optimizer.
template <class O>
struct OwnParameters;

template <>
struct OwnParameters<GradientDescent> {
  static constexpr std::array<OwnParameter<GradientDescent>, 0> table{};
};

template <>
struct OwnParameters<Adam> {
  static constexpr std::array<OwnParameter<Adam>, 3> table{
      {{{"beta_1", "", number::below_one}, &Adam::beta_1},
       {{"beta_2", "", number::below_one}, &Adam::beta_2},
       {{"epsilon", "", number::non_negative}, &Adam::epsilon}}};
};

template <>
struct OwnParameters<RmsProp> {
  static constexpr std::array<OwnParameter<RmsProp>, 2> table{
      {{{"rho", "", number::below_one}, &RmsProp::rho},
       {{"epsilon", "", number::positive}, &RmsProp::epsilon}}};
};

template <>
struct OwnParameters<Momentum> {
  static constexpr std::array<OwnParameter<Momentum>, 1> table{
      {{{"mu", "", number::below_one}, &Momentum::mu}}};
};

template <>
struct OwnParameters<AdamW> {
  static constexpr std::array<OwnParameter<AdamW>, 4> table{
      {{{"beta_1", "", number::below_one}, &AdamW::beta_1},
       {{"beta_2", "", number::below_one}, &AdamW::beta_2},
       {{"epsilon", "", number::non_negative}, &AdamW::epsilon},
       {{"weight_decay", "", number::non_negative}, &AdamW::weight_decay}}};
};

/// Calls visit(OptimizerParameter, field) for the parameters that all optimizers have. Wmin must
/// not exceed Wmax either.
template <class O, class V>
void visit_common_parameters(O& o, V&& visit) {
  visit(OptimizerParameter{"batch_size", "", number::at_least_one}, o.batch_size);
  visit(OptimizerParameter{"eta", "", number::non_negative}, o.eta);
  visit(OptimizerParameter{"Wmin", "pA", number::any}, o.Wmin);
  visit(OptimizerParameter{"Wmax", "pA", number::any}, o.Wmax);
}

/// The same for those that it has besides.
template <class O, class V>
void visit_own_parameters(O& o, V&& visit) {
  using Own = std::remove_const_t<O>;
  constexpr auto& table = OwnParameters<Own>::table;
  static_assert(sizeof(Own) == sizeof(GradientDescent) + table.size() * sizeof(double),
                "a parameter is not in the table");
  for (const auto& parameter : table) visit(parameter.info, o.*parameter.member);
}

template <class O, class V>
void visit_optimizer_parameters(O& o, V&& visit) {
  visit_common_parameters(o, visit);
  visit_own_parameters(o, visit);
}

/// What all optimizers have.
inline const GradientDescent& common_parameters(const Optimizer& optimizer) {
  return std::visit([](const auto& o) -> const GradientDescent& { return o; }, optimizer);
}

inline std::string_view name(const Optimizer& optimizer) {
  return std::visit([]<class O>(const O&) { return O::name; }, optimizer);
}

/// All optimizers, with their default parameters.
[[nodiscard]] const std::vector<Optimizer>& all_optimizers();

/// Throws InvalidParameter about `thing` if a parameter breaks its rule.
void check_optimizer(std::string_view thing, const Optimizer& optimizer);

/// Throws InvalidParameter about a weight (pA) that an optimizer's bounds leave out.
[[noreturn]] void refuse_weight(std::string_view thing, std::string_view parameter, double weight,
                                double w_min, double w_max);

/// All parameters but eta in words that differ if they do.
[[nodiscard]] std::string words(const Optimizer& optimizer);

}  // namespace eprop::network
