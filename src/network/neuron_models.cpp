#include "eprop/neuron_models.hpp"

#include <fmt/format.h>

#include <array>

#include "eprop/errors.hpp"
#include "network/model_traits.hpp"
#include "network/parameters.hpp"

namespace eprop {
namespace {

constexpr std::array<std::string_view, 4> surrogate_names{
    "piecewise_linear", "exponential", "fast_sigmoid_derivative", "arctan_derivative"};
constexpr std::array<std::string_view, 2> loss_names{"mean_squared_error", "cross_entropy"};

template <class Enum, std::size_t N>
Enum enum_of(std::string_view model, std::string_view parameter, std::string_view word,
             const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == word) return static_cast<Enum>(i);
  }
  throw InvalidParameter(fmt::format("{}: {} = '{}': must be one of {}", model, parameter, word,
                                     fmt::join(names, ", ")));
}

[[noreturn]] void unknown(std::string_view model, std::string_view parameter) {
  throw InvalidParameter(fmt::format("{}: has no parameter '{}' of this kind", model, parameter));
}

bool flag(std::string_view model, std::string_view parameter, const Value& value) {
  const auto* x = std::get_if<double>(&value.content());
  if (x == nullptr || (*x != 0.0 && *x != 1.0)) {
    throw InvalidParameter(
        fmt::format("{}: {}: must be true or false, for all neurons", model, parameter));
  }
  return *x != 0.0;
}

template <std::size_t I = 0>
NeuronModel find_model(std::string_view name) {
  if constexpr (I < std::variant_size_v<NeuronModel>) {
    using M = std::variant_alternative_t<I, NeuronModel>;
    return M::name == name ? NeuronModel(M{}) : find_model<I + 1>(name);
  } else {
    throw InvalidParameter(fmt::format("neuron model '{}': there is no model of that name", name));
  }
}

}  // namespace

NeuronModel neuron_model(std::string_view name) { return find_model(name); }

void set_parameter(NeuronModel& model, std::string_view parameter, const Value& value) {
  std::visit(
      [&]<class M>(M& m) {
        bool found = false;
        network::visit_parameters(m, [&](const network::ParameterInfo& info, Value& field) {
          if (info.name == parameter) {
            field = value;
            found = true;
          }
        });
        if (found) return;
        if (parameter == network::initial_potential.name) {
          m.V_m = value;
          return;
        }
        if constexpr (requires { m.ignore_and_spike; }) {
          if (parameter == "ignore_and_spike") {
            m.ignore_and_spike = flag(M::name, parameter, value);
            return;
          }
        }
        if constexpr (requires { m.refractory_input; }) {
          if (parameter == "refractory_input") {
            m.refractory_input = flag(M::name, parameter, value);
            return;
          }
        }
        unknown(M::name, parameter);
      },
      model);
}

void set_parameter(NeuronModel& model, std::string_view parameter, std::string_view word) {
  std::visit(
      [&]<class M>(M& m) {
        if constexpr (requires { m.surrogate_gradient_function; }) {
          if (parameter == "surrogate_gradient_function") {
            m.surrogate_gradient_function =
                enum_of<SurrogateGradient>(M::name, parameter, word, surrogate_names);
            return;
          }
        }
        if constexpr (requires { m.loss; }) {
          if (parameter == "loss") {
            m.loss = enum_of<Loss>(M::name, parameter, word, loss_names);
            return;
          }
        }
        unknown(M::name, parameter);
      },
      model);
}

}  // namespace eprop
