#include "network/check_neurons.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <functional>
#include <vector>

#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "network/check_shape.hpp"
#include "network/parameter_columns.hpp"

namespace eprop::network {
namespace {

using core::refuse;

/// The sentence that a value breaks, or nothing.
std::string broken_rule(Rule rule, double x, double dt) {
  if (std::isnan(x)) return "must be a number";
  const bool infinite = std::isinf(x);
  if (infinite && !(rule == Rule::lower_bound && x < 0) && !(rule == Rule::cutoff && x > 0)) {
    return "must be finite";
  }
  const auto off_grid = [&] { return fmt::format("must be a multiple of dt = {} ms", dt); };
  switch (rule) {
    case Rule::finite:
    case Rule::lower_bound:
      return {};
    case Rule::positive:
      return x > 0 ? "" : "must be > 0";
    case Rule::non_negative:
      return x >= 0 ? "" : "must be >= 0";
    case Rule::unit_interval:
      return x >= 0 && x <= 1 ? "" : "must be in [0, 1]";
    case Rule::boolean:
      return x == 0 || x == 1 ? "" : "must be true or false";
    case Rule::time:
    case Rule::cutoff:
      if (x < 0) return "must be >= 0";
      return infinite || core::on_grid(x, dt) ? "" : off_grid();
    case Rule::positive_time:
      if (x < 0.5 * dt) return fmt::format("must be at least dt = {} ms", dt);
      return core::on_grid(x, dt) ? "" : off_grid();
  }
  return {};
}

/// A parameter of all neurons of a population, drawn where it is asked for: nothing is kept, and
/// what is the same for all neurons is looked at once.
struct Parameter {
  ParameterInfo info;
  const Value& value;
  DrawnValue drawn;
  bool is_default = false;

  [[nodiscard]] bool common() const { return std::holds_alternative<double>(value.content()); }
  /// What to add to a rule that the value breaks.
  [[nodiscard]] std::string advice() const {
    return is_default ? fmt::format("; this is the default, set {}", info.name) : "";
  }
};

/// All parameters of a model.
template <class M>
std::vector<Parameter> parameters_of(const M& m, const core::RandomStream& random) {
  std::vector<Parameter> parameters;
  visit_drawn_parameters(
      m, random, [&](const ParameterInfo& info, const Value& value, const DrawnValue& drawn) {
        parameters.push_back({info, value, drawn});
      });
  std::size_t next = 0;
  const M defaults;
  visit_parameters(defaults, [&](const ParameterInfo&, const Value& value) {
    auto& parameter = parameters[next++];
    const auto* usual = std::get_if<double>(&value.content());
    const auto* given = std::get_if<double>(&parameter.value.content());
    parameter.is_default = usual != nullptr && given != nullptr && *usual == *given;
  });
  return parameters;
}

/// Whether a parameter is a default without effect: it may then lie off the grid of dt.
template <class M>
bool is_unused(const M& m, const Parameter& parameter) {
  if constexpr (std::derived_from<M, EpropNeuron>) {
    return !m.ignore_and_spike && parameter.is_default &&
           parameter.info.rule == Rule::positive_time;
  }
  return false;
}

/// Calls check(i) for all neurons, or once if nothing differs between them.
template <class Check>
void for_distinct(std::uint32_t size, bool common, Check check) {
  const auto n = common ? std::min(size, 1U) : size;
  for (std::uint32_t i = 0; i < n; ++i) check(i);
}

void check_value(const std::string& thing, const Parameter& parameter, std::uint32_t size,
                 double dt) {
  for_distinct(size, parameter.common(), [&](std::uint32_t i) {
    const double x = parameter.drawn(i);
    const auto rule = broken_rule(parameter.info.rule, x, dt);
    if (rule.empty()) return;
    refuse(parameter.common() ? thing : fmt::format("{}, neuron {}", thing, i), parameter.info.name,
           x, parameter.info.unit, rule + parameter.advice());
  });
}

/// Rules between two parameters of a neuron.
template <class Breaks>
void check_pair(const std::string& thing, std::uint32_t size, const Parameter& a,
                const Parameter& b, Breaks breaks, std::string_view rule) {
  const bool common = a.common() && b.common();
  for_distinct(size, common, [&](std::uint32_t i) {
    if (!breaks(a.drawn(i), b.drawn(i))) return;
    refuse(common ? thing : fmt::format("{}, neuron {}", thing, i), a.info.name, a.drawn(i), "mV",
           fmt::format("{} {} = {} mV{}", rule, b.info.name, b.drawn(i), a.advice()));
  });
}

}  // namespace

void check_neurons(std::string_view population, std::uint32_t index, std::uint32_t size,
                   const NeuronModel& model, const NetworkOptions& options) {
  const auto thing = fmt::format("population '{}'", population);
  const core::RandomStream random(options.seed, core::Purpose::neuron_parameter, index);
  std::visit(
      [&]<class M>(const M& m) {
        const auto parameters = parameters_of(m, random);
        for (const auto& p : parameters) {
          check_shape(thing, p.info.name, p.info.unit, p.value, size);
        }
        for (const auto& p : parameters) {
          if (!is_unused(m, p)) check_value(thing, p, size, options.dt);
        }
        const auto check = [&](std::string_view a, std::string_view b, auto breaks,
                               std::string_view rule) {
          const auto named = [&](std::string_view name) -> const Parameter& {
            return *std::find_if(parameters.begin(), parameters.end(),
                                 [&](const Parameter& p) { return p.info.name == name; });
          };
          check_pair(thing, size, named(a), named(b), breaks, rule);
        };
        if constexpr (std::derived_from<M, Spiking>) {
          check("V_min", "V_th", std::greater<>(), "must not exceed");
        }
        if constexpr (std::derived_from<M, HardReset>) {
          check("V_reset", "V_th", std::greater_equal<>(), "must be below");
          check("V_reset", "V_min", std::less<>(), "must not be below");
        }
      },
      model);
}

}  // namespace eprop::network
