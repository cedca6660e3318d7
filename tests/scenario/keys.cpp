#include "keys.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "core/known_names.hpp"
#include "core/refuse.hpp"
#include "network/optimizers.hpp"

namespace eprop::scenario {
namespace {

using core::refuse;
using core::unknown_name;
using nlohmann::json;
using Names = std::vector<std::string_view>;

/// Names of optimizer parameters and optimizers in other libraries.
constexpr std::array former_optimizer_keys{
    core::FormerName{"learning_rate", "eta", ""}, core::FormerName{"lr", "eta", ""},
    core::FormerName{"beta1", "beta_1", ""}, core::FormerName{"beta2", "beta_2", ""},
    core::FormerName{"optimizer", "type", ""}};
constexpr std::array former_optimizers{core::FormerName{"sgd", "gradient_descent", ""},
                                       core::FormerName{"gd", "gradient_descent", ""}};

void check_object(const json& object, const std::string& thing, const Names& needed,
                  const Names& allowed = {}, std::span<const core::FormerName> former = {}) {
  if (!object.is_object()) refuse(thing, "value", object.dump(), "", "must be an object");
  auto known = needed;
  known.insert(known.end(), allowed.begin(), allowed.end());
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    refuse(thing, "key", key, "", unknown_name(key, known, former));
  }
  for (const auto key : needed) {
    if (!object.contains(key)) refuse(thing, "key", key, "", "is missing");
  }
}

Names parameter_names(const Optimizer& optimizer) {
  Names names;
  const auto take = [&](const network::OptimizerParameter& p, const auto&) {
    names.push_back(p.name);
  };
  std::visit([&](const auto& o) { network::visit_optimizer_parameters(o, take); }, optimizer);
  return names;
}

void check_optimizer_keys(const json& optimizer) {
  const std::string thing = "scenario, optimizer";
  Names any{"optimize_each_step"};
  for (const auto& o : network::all_optimizers()) {
    for (const auto name : parameter_names(o)) {
      if (std::find(any.begin(), any.end(), name) == any.end()) any.push_back(name);
    }
  }
  check_object(optimizer, thing, {"type"}, any, former_optimizer_keys);
  const auto type = optimizer.at("type").get<std::string>();
  auto own = parameter_names(optimizer_named(type));
  own.emplace_back("optimize_each_step");
  for (const auto& [key, value] : optimizer.items()) {
    if (key == "type" || std::find(own.begin(), own.end(), key) != own.end()) continue;
    refuse(thing, "key", key, "", fmt::format("is no parameter of {}", type));
  }
}

}  // namespace

bool by_interval(const json& scenario) {
  constexpr std::array<std::string_view, 2> families{"bsshslm_2020", "plus"};
  if (!scenario.is_object() || !scenario.contains("family")) {
    refuse("scenario", "key", "family", "", "is missing");
  }
  const auto family = scenario.at("family").get<std::string>();
  if (family != families[0] && family != families[1]) {
    refuse("scenario", "family", family, "", unknown_name(family, families));
  }
  return family == families[0];
}

void check_keys(const json& scenario) {
  Names needed{"dt",     "family",  "recurrent", "readout",    "input_spikes",
               "target", "weights", "optimizer", "final_spike"};
  if (by_interval(scenario)) {
    needed.insert(needed.end(), {"update_interval", "learning_window", "tau_m_readout",
                                 "reset_neurons_on_update", "average_gradient"});
  } else {
    needed.emplace_back("learning_window_signal");
  }
  check_object(scenario, "scenario", needed, {"name"});
  for (const auto& population : scenario.at("recurrent")) {
    check_object(population, "scenario, recurrent", {"model", "n", "params"});
  }
  check_object(scenario.at("readout"), "scenario, readout", {"n", "params"});
  check_object(scenario.at("target"), "scenario, target", {"times", "values"});
  check_object(scenario.at("weights"), "scenario, weights",
               {"in_rec", "rec_rec", "rec_out", "out_rec"});
  check_optimizer_keys(scenario.at("optimizer"));
  if (scenario.contains("learning_window_signal")) {
    check_object(scenario.at("learning_window_signal"), "scenario, learning_window_signal",
                 {"times", "values"});
  }
}

Optimizer optimizer_named(std::string_view type) {
  Names types;
  for (const auto& optimizer : network::all_optimizers()) {
    types.push_back(network::name(optimizer));
    if (types.back() == type) return optimizer;
  }
  refuse("scenario, optimizer", "type", type, "", unknown_name(type, types, former_optimizers));
}

}  // namespace eprop::scenario
