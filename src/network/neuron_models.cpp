#include "eprop/neuron_models.hpp"

#include <fmt/format.h>

#include <array>

#include "eprop/errors.hpp"
#include "network/model_traits.hpp"
#include "network/parameters.hpp"

namespace eprop {
namespace {

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
        const auto is = [&](std::string_view name) {
          return !found && (found = name == parameter);
        };
        network::visit_parameters(m, [&](const network::ParameterInfo& info, Value& field) {
          if (is(info.name)) field = value;
        });
        if (is(network::initial_potential.name)) m.V_m = value;
        network::visit_flags(m, [&](std::string_view name, bool& field) {
          if (is(name)) field = flag(M::name, parameter, value);
        });
        if (!found) unknown(M::name, parameter);
      },
      model);
}

void set_parameter(NeuronModel& model, std::string_view parameter, std::string_view word) {
  std::visit(
      [&]<class M>(M& m) {
        bool found = false;
        network::visit_words(
            m, [&]<class Enum>(std::string_view name, Enum& field, const auto& words) {
              if (name != parameter) return;
              field = enum_of<Enum>(M::name, parameter, word, words);
              found = true;
            });
        if (!found) unknown(M::name, parameter);
      },
      model);
}

}  // namespace eprop
