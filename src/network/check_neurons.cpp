#include "network/check_neurons.hpp"

#include <cmath>
#include <vector>

#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "network/parameter_columns.hpp"
#include "network/parameters.hpp"

namespace eprop::network {
namespace {

using core::refuse;

/// The sentence that a value breaks, or nothing.
std::string_view broken_rule(Rule rule, double x, double dt) {
  if (std::isnan(x)) return "must be a number";
  const bool infinite = std::isinf(x);
  if (infinite && !(rule == Rule::lower_bound && x < 0) && !(rule == Rule::cutoff && x > 0)) {
    return "must be finite";
  }
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
      return infinite || core::on_grid(x, dt) ? "" : "must be a multiple of dt";
    case Rule::positive_time:
      if (x < 0.5 * dt) return "must be at least dt";
      return core::on_grid(x, dt) ? "" : "must be a multiple of dt";
  }
  return {};
}

void check_value(const std::string& thing, const ParameterInfo& info, const Value& value,
                 const core::Column& column, double dt) {
  for (std::size_t i = 0; i < column.size(); ++i) {
    const auto rule = broken_rule(info.rule, column[i], dt);
    if (rule.empty()) continue;
    const bool common = std::holds_alternative<double>(value.content());
    refuse(common ? thing : fmt::format("{}, neuron {}", thing, i), info.name, column[i], info.unit,
           rule);
  }
}

void check_shape(const std::string& thing, const ParameterInfo& info, const Value& value,
                 std::uint32_t size) {
  if (const auto* array = std::get_if<Value::Array>(&value.content());
      array != nullptr && array->size() != size) {
    refuse(thing, info.name, fmt::format("array of {}", array->size()), "values",
           fmt::format("must have one value for each of the {} neurons", size));
  }
  if (const auto* d = std::get_if<Normal>(&value.content()); d != nullptr && !(d->std >= 0)) {
    refuse(thing, info.name, fmt::format("normal({}, {})", d->mean, d->std), info.unit,
           "standard deviation must be >= 0");
  }
  if (const auto* d = std::get_if<Uniform>(&value.content());
      d != nullptr && !(d->low <= d->high)) {
    refuse(thing, info.name, fmt::format("uniform({}, {})", d->low, d->high), info.unit,
           "low must be <= high");
  }
}

/// Rules between two parameters of a neuron.
template <class Breaks>
void check_pair(const std::string& thing, const ParameterColumns& columns, std::string_view name,
                std::string_view other, Breaks breaks, std::string_view rule) {
  const auto& a = columns.at(name);
  const auto& b = columns.at(other);
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (breaks(a[i], b[i])) {
      refuse(thing, name, a[i], "mV", fmt::format("{} {} = {} mV", rule, other, b[i]));
    }
  }
}

}  // namespace

void check_neurons(std::string_view population, std::uint32_t index, std::uint32_t size,
                   const NeuronModel& model, const NetworkOptions& options) {
  const auto thing = fmt::format("population '{}'", population);
  std::visit(
      [&]<class M>(const M& m) {
        const auto shape = [&](const ParameterInfo& info, const Value& value) {
          check_shape(thing, info, value, size);
        };
        visit_parameters(m, shape);
        if (m.V_m) shape(initial_potential, *m.V_m);
        const auto columns = parameter_columns(m, {0, size}, options.seed, index);
        const auto values = [&](const ParameterInfo& info, const Value& value) {
          check_value(thing, info, value, columns.at(info.name), options.dt);
        };
        visit_parameters(m, values);
        if (m.V_m) values(initial_potential, *m.V_m);
        const auto above = [](double a, double b) { return a > b; };
        if constexpr (!is_readout_model<M>) {
          check_pair(thing, columns, "V_min", "V_th", above, "must not exceed");
        }
        if constexpr (requires { m.V_reset; }) {
          check_pair(thing, columns, "V_reset", "V_th", std::greater_equal<>(), "must be below");
          check_pair(thing, columns, "V_reset", "V_min", std::less<>(), "must not be below");
        }
      },
      model);
}

}  // namespace eprop::network
