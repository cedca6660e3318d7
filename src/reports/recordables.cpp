#include "reports/recordables.hpp"

#include <algorithm>

#include "core/known_names.hpp"
#include "core/refuse.hpp"
#include "network/former_names.hpp"

namespace eprop::reports {
namespace {

using state::ReadoutPart;
using state::RecurrentPart;
using NamedRecordable = std::pair<Recordable, recording::sonata::Variable>;

bool learns(const NeuronModel& model) {
  return !network::is_readout(model) && network::family(model) != Family::none;
}

std::string_view per_millivolt(const NeuronModel& model) { return learns(model) ? "1/mV" : ""; }
std::string_view millivolts(const NeuronModel& model) { return learns(model) ? "mV" : ""; }

constexpr auto surrogate_gradient = [](const RecurrentPart& part, std::size_t j, Step t) {
  return part.surrogate_gradient.row(std::max<Step>(t, 0))[j];  // zero at first
};
constexpr auto learning_signal = [](const RecurrentPart& part, std::size_t j, Step t) {
  double L = 0.0;
  const Step known = t - part.signal_lag - 1;
  const auto i = static_cast<std::uint32_t>(j);
  if (known >= 0) plasticity::learning_signal(part.signals, known, {i, i + 1}, &L);
  return L;
};

constexpr neurons::Variable<RecurrentPart> learning_variables[] = {
    {"surrogate_gradient", per_millivolt, neurons::sample_each<RecurrentPart, surrogate_gradient>},
    {"learning_signal", millivolts, neurons::sample_each<RecurrentPart, learning_signal>}};

/// Those of the variables that a model has.
template <class Block>
std::vector<NamedRecordable> of_model(const NeuronModel& model,
                                      std::span<const neurons::Variable<Block>> variables) {
  std::vector<NamedRecordable> list;
  for (const auto& variable : variables) {
    const auto unit = variable.unit(model);
    if (unit.empty()) continue;
    list.push_back({&variable, {std::string(variable.name), std::string(unit)}});
  }
  return list;
}

}  // namespace

std::vector<NamedRecordable> recordables(const NeuronModel& model) {
  if (network::is_readout(model)) return of_model(model, neurons::readout_variables());
  auto list = of_model(model, neurons::recurrent_variables());
  const auto learning = of_model<RecurrentPart>(model, learning_variables);
  list.insert(list.begin() + 1, learning.begin(), learning.end());  // behind V_m
  return list;
}

std::pair<Recordable, recording::sonata::Variable> recordable(const NeuronModel& model,
                                                              const std::string& name,
                                                              const std::string& thing) {
  const auto all = recordables(model);
  std::vector<std::string_view> names;
  for (const auto& known : all) {
    if (known.second.name == name) return known;
    names.push_back(known.second.name);
  }
  core::refuse(thing, "variable", name, "",
               core::unknown_name(name, names, network::former_recordables));
}

void sample(const RecurrentPart& part, Recordable variable, std::span<const std::uint32_t> neurons,
            Step t, double* into, std::size_t stride) {
  using Beside = const neurons::Variable<RecurrentPart>*;
  if (const auto* beside = std::get_if<Beside>(&variable)) {
    (*beside)->sample(part, neurons, t, into, stride);
  } else {
    std::get<const neurons::Variable<neurons::RecurrentBlock>*>(variable)->sample(
        part.block, neurons, t, into, stride);
  }
}

void sample(const ReadoutPart& part, Recordable variable, std::span<const std::uint32_t> neurons,
            Step t, double* into, std::size_t stride) {
  std::get<const neurons::Variable<neurons::ReadoutBlock>*>(variable)->sample(part.block, neurons,
                                                                              t, into, stride);
}

}  // namespace eprop::reports
