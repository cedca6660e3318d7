#include "eprop/neuron_models.hpp"

#include <array>
#include <span>
#include <utility>
#include <vector>

#include "core/refuse.hpp"
#include "network/former_names.hpp"
#include "network/model_traits.hpp"
#include "network/parameters.hpp"
#include "network/value_words.hpp"

namespace eprop {
namespace {

using core::refuse;
using core::unknown_name;

/// The names of all parameters of a model.
template <class M>
std::vector<std::string_view> parameter_names(M& m) {
  std::vector<std::string_view> names;
  const auto take = [&](std::string_view name, const auto&...) { names.push_back(name); };
  network::visit_parameters(
      m, [&](const network::ParameterInfo& info, const Value&) { take(info.name); });
  take(network::initial_potential.name);
  network::visit_flags(m, take);
  network::visit_words(m, take);
  return names;
}

template <class M>
[[noreturn]] void refuse_parameter(M& m, std::string_view parameter) {
  refuse(M::name, "parameter", parameter, "",
         unknown_name(parameter, parameter_names(m), network::former_parameters));
}

std::span<const core::FormerName> former_words(std::string_view parameter) {
  if (parameter == "loss") return network::former_losses;
  return network::former_surrogate_gradients;
}

bool flag(std::string_view model, std::string_view parameter, const Value& value) {
  const auto* x = std::get_if<double>(&value.content());
  if (x == nullptr || (*x != 0.0 && *x != 1.0)) {
    refuse(model, parameter, network::words(value), "", "must be true or false, for all neurons");
  }
  return *x != 0.0;
}

template <std::size_t... I>
NeuronModel find_model(std::string_view name, std::index_sequence<I...>) {
  static const std::array models{NeuronModel(std::in_place_index<I>)...};
  std::vector<std::string_view> names;
  for (const auto& model : models) {
    names.push_back(network::name(model));
    if (names.back() == name) return model;
  }
  refuse("neurons", "model", name, "", unknown_name(name, names, network::former_models));
}

}  // namespace

NeuronModel neuron_model(std::string_view name) {
  return find_model(name, std::make_index_sequence<std::variant_size_v<NeuronModel>>());
}

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
        network::visit_words(m, [&](std::string_view name, auto&, const auto& words) {
          if (!is(name)) return;
          refuse(M::name, parameter, network::words(value), "",
                 fmt::format("must be one of {}", fmt::join(words, ", ")));
        });
        if (!found) refuse_parameter(m, parameter);
      },
      model);
}

void set_parameter(NeuronModel& model, std::string_view parameter, std::string_view word) {
  std::visit(
      [&]<class M>(M& m) {
        const auto wrong_kind = [&](std::string_view name, std::string_view rule) {
          if (name == parameter) refuse(M::name, parameter, word, "", rule);
        };
        bool found = false;
        network::visit_words(
            m, [&]<class Enum>(std::string_view name, Enum& field, const auto& words) {
              if (name != parameter) return;
              found = true;
              for (std::size_t i = 0; i < words.size(); ++i) {
                if (words[i] == word) return void(field = static_cast<Enum>(i));
              }
              wrong_kind(name, unknown_name(word, words, former_words(name)));
            });
        if (found) return;
        constexpr std::string_view numbers = "must be a number, one per neuron or a distribution";
        network::visit_parameters(m, [&](const network::ParameterInfo& info, const Value&) {
          wrong_kind(info.name, numbers);
        });
        wrong_kind(network::initial_potential.name, numbers);
        network::visit_flags(m, [&](std::string_view name, const bool&) {
          wrong_kind(name, "must be true or false, for all neurons");
        });
        refuse_parameter(m, parameter);
      },
      model);
}

}  // namespace eprop
