#include "eprop/network.hpp"

#include <cmath>

#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "network/check_devices.hpp"
#include "network/check_neurons.hpp"
#include "network/check_synapses.hpp"
#include "network/lookup.hpp"
#include "network/model_traits.hpp"

namespace eprop {
namespace {

using core::refuse;
using network::Family;

void check_options(const NetworkOptions& options) {
  if (!(std::isfinite(options.dt) && options.dt > 0)) {
    refuse("network", "dt", options.dt, "ms", "must be > 0");
  }
  const auto interval =
      core::to_steps(options.update_interval, options.dt, "network", "update_interval", 3);
  const auto window =
      core::to_steps(options.learning_window, options.dt, "network", "learning_window", 1);
  if (window > interval) {
    refuse("network", "learning_window", options.learning_window, "ms",
           fmt::format("must not exceed update_interval = {} ms", options.update_interval));
  }
}

/// The neuron model of a population, which must be one that neurons can have as `role`.
const NeuronModel& require_neurons(const Network::PopulationSpec& population,
                                   const std::string& thing, std::string_view role) {
  const auto* model = std::get_if<NeuronModel>(&population.what);
  if (model == nullptr) {
    refuse(thing, role, population.name, "", "must be a population of neurons, not of inputs");
  }
  return *model;
}

}  // namespace

Network::Network() : Network(NetworkOptions{}) {}

template <std::same_as<NetworkOptions> Options>
Network::Network(Options options) : options_(options) {
  check_options(options_);
}
template Network::Network(NetworkOptions);

void Network::require_new_name(const std::string& name) const {
  if (name.empty() || name.find('/') != std::string::npos) {
    refuse("network", "name", "'" + name + "'", "", "must not be empty or contain '/'");
  }
  const auto taken = [&](const auto& specs) {
    for (const auto& spec : specs) {
      if (spec.name == name) refuse("network", "name", name, "", "is taken already");
    }
  };
  taken(populations_);
  taken(projections_);
  taken(rate_generators_);
}

Population Network::add(std::string name, std::uint32_t size, NeuronModel model) {
  require_new_name(name);
  const auto index = static_cast<std::uint32_t>(populations_.size());
  network::check_neurons(name, index, size, model, options_);
  populations_.push_back({std::move(name), size, std::move(model)});
  return {index};
}

Population Network::add(std::string name, SpikeTrains trains) {
  require_new_name(name);
  network::check_trains(fmt::format("population '{}'", name), trains.times, options_.dt);
  const auto size = static_cast<std::uint32_t>(trains.times.size());
  populations_.push_back({std::move(name), size, std::move(trains)});
  return {static_cast<std::uint32_t>(populations_.size() - 1)};
}

Population Network::add(std::string name, std::uint32_t size, PoissonSource source) {
  require_new_name(name);
  network::check_poisson(fmt::format("population '{}'", name),
                         static_cast<std::uint32_t>(populations_.size()), size, source, options_);
  populations_.push_back({std::move(name), size, source});
  return {static_cast<std::uint32_t>(populations_.size() - 1)};
}

RateGenerator Network::add(std::string name, StepRates rates) {
  require_new_name(name);
  network::check_rates(fmt::format("rate generator '{}'", name), rates, options_.dt);
  rate_generators_.push_back({std::move(name), std::move(rates)});
  return {static_cast<std::uint32_t>(rate_generators_.size() - 1)};
}

Projection Network::connect(Population source, Population target, ConnectionRule rule,
                            SynapseModel synapse, std::string name) {
  const auto& from = network::lookup(*this, source);
  const auto& to = network::lookup(*this, target);
  if (name.empty()) name = from.name + "_" + to.name;
  require_new_name(name);
  const auto thing = fmt::format("projection '{}'", name);
  const auto* source_model = std::get_if<NeuronModel>(&from.what);
  if (source_model != nullptr && network::is_readout(*source_model)) {
    refuse(thing, "source", from.name, "", "readouts do not spike");
  }
  const auto& model = require_neurons(to, thing, "target");
  network::check_rule(thing, rule, from.size, to.size, source.index == target.index);
  projections_.push_back({std::move(name), source, target, std::move(rule), std::move(synapse)});
  try {
    network::check_synapse(thing, projections_.back(), model, from.size, to.size, options_.dt);
    if (source_model != nullptr) {
      network::check_readout_delay(thing, projections_.back().synapse, *source_model, model,
                                   options_.dt);
    }
  } catch (...) {
    projections_.pop_back();
    throw;
  }
  return {static_cast<std::uint32_t>(projections_.size() - 1)};
}

void Network::connect_learning_signal(Population readout, Population target, ConnectionRule rule,
                                      Value weight) {
  connect_learning_signal(readout, target, std::move(rule), std::move(weight), options_.dt);
}

void Network::connect_learning_signal(Population readout, Population target, ConnectionRule rule,
                                      Value weight, double delay) {
  const auto& from = network::lookup(*this, readout);
  const auto& to = network::lookup(*this, target);
  auto name = from.name + "_" + to.name;
  const auto thing = fmt::format("learning signal '{}'", name);
  const auto& source_model = require_neurons(from, thing, "source");
  const auto& target_model = require_neurons(to, thing, "target");
  if (!network::is_readout(source_model)) {
    refuse(thing, "source", from.name, "", "must be a population of readouts");
  }
  if (network::is_readout(target_model) || network::family(target_model) == Family::none) {
    refuse(thing, "target", to.name, "", "must be a population of recurrent e-prop neurons");
  }
  if (network::family(source_model) != network::family(target_model)) {
    refuse(thing, "target", to.name, "", "must be of the same e-prop family as the readouts");
  }
  network::check_rule(thing, rule, from.size, to.size, false);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  network::check_weight(thing, weight, rule, from.size, to.size, -infinity, infinity);
  const auto steps = core::to_steps(delay, options_.dt, thing, "delay", 1);
  if (network::family(source_model) == Family::bsshslm_2020 && steps != 1) {
    refuse(thing, "delay", delay, "ms", "bsshslm_2020 learning signals have a delay of one step");
  }
  learning_signals_.push_back(
      {std::move(name), readout, target, std::move(rule), std::move(weight), delay});
}

void Network::connect_rate(RateGenerator generator, Population readout, RateReceptor receptor) {
  const auto& from = network::lookup(*this, generator);
  const auto& to = network::lookup(*this, readout);
  const auto thing = fmt::format("rate generator '{}'", from.name);
  const auto& model = require_neurons(to, thing, "readout");
  if (!network::is_readout(model)) {
    refuse(thing, "readout", to.name, "", "must be a population of readouts");
  }
  if (receptor == RateReceptor::learning_window && network::family(model) != Family::plus) {
    refuse(thing, "receptor", "learning_window", "",
           "bsshslm_2020 readouts take their window from the network's learning_window");
  }
  const auto n = from.rates.amplitudes.size();
  if (n != 1 && n != to.size) {
    refuse(thing, "generators", n, "",
           fmt::format("must be 1 or one for each of {} readouts", to.size));
  }
  for (const auto& other : rate_connections_) {
    if (other.readout.index == readout.index && other.receptor == receptor) {
      refuse(thing, "readout", to.name, "", "is fed by another generator already");
    }
  }
  rate_connections_.push_back({generator, readout, receptor});
}

}  // namespace eprop
