#include "eprop/network.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "network/check_devices.hpp"
#include "network/check_neurons.hpp"
#include "network/check_synapses.hpp"
#include "network/model_traits.hpp"

namespace eprop {
namespace {

using core::refuse;

/// 1000 ms, or what comes nearest to it in whole steps of dt.
double default_update_interval(double dt) {
  constexpr double usual = 1000.0;
  if (core::on_grid(usual, dt) && usual >= 3.0 * dt) return usual;
  return std::max(3.0, core::nearest_steps(usual, dt)) * dt;
}

/// Checks options and gives those their values that were not given.
NetworkOptions completed(NetworkOptions options) {
  const double dt = options.dt;
  if (!(std::isfinite(dt) && dt > 0)) refuse("network", "dt", dt, "ms", "must be > 0 and finite");
  const double interval = options.update_interval.value_or(default_update_interval(dt));
  const double window = options.learning_window.value_or(interval);
  const auto interval_steps = core::to_steps(interval, dt, "network", "update_interval", 3);
  if (core::to_steps(window, dt, "network", "learning_window", 1) > interval_steps) {
    refuse("network", "learning_window", window, "ms",
           fmt::format("must not exceed update_interval = {} ms", interval));
  }
  options.update_interval = interval;
  options.learning_window = window;
  return options;
}

/// The neuron model of a population, which must be one that neurons can have as `role`.
const NeuronModel& require_neurons(const Network::PopulationSpec& population,
                                   const std::string& thing, std::string_view role) {
  const auto* model = std::get_if<NeuronModel>(&population.what);
  if (model == nullptr) {
    refuse(thing, role, population.name, "",
           "must be a population of neurons, and is one of inputs");
  }
  return *model;
}

}  // namespace

Network::Network() : Network(NetworkOptions{}) {}

template <std::same_as<NetworkOptions> Options>
Network::Network(Options options) : options_(completed(options)) {}
template Network::Network(NetworkOptions);

void Network::require_new_name(const std::string& name) const {
  // HDF5 takes "." for the group that it is in.
  const auto is_control = [](char c) { return std::iscntrl(static_cast<unsigned char>(c)) != 0; };
  if (name.empty() || name == "." || name.find('/') != std::string::npos ||
      std::ranges::any_of(name, is_control)) {
    refuse("network", "name", "'" + name + "'", "",
           "must not be empty or '.', or contain '/' or control characters");
  }
  const auto require_none_in = [&](const auto& specs, std::string_view kind) {
    for (const auto& spec : specs) {
      if (spec.name != name) continue;
      refuse("network", "name", name, "", fmt::format("is taken by a {}, choose another", kind));
    }
  };
  require_none_in(populations_, "population");
  require_none_in(projections_, "projection");
  require_none_in(rate_generators_, "rate generator");
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
  network::check_trains(fmt::format("population '{}'", name), trains.times, trains.round_times,
                        options_.dt);
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
  network::check_rates(fmt::format("rate generator '{}'", name), rates, rates.round_times,
                       options_.dt);
  rate_generators_.push_back({std::move(name), std::move(rates)});
  return {static_cast<std::uint32_t>(rate_generators_.size() - 1)};
}

Projection Network::connect(Population source, Population target, ConnectionRule rule,
                            SynapseModel synapse, std::string name) {
  const auto& from = at(source);
  const auto& to = at(target);
  if (name.empty()) name = from.name + "_" + to.name;
  require_new_name(name);
  const auto thing = fmt::format("projection '{}'", name);
  const auto* source_model = std::get_if<NeuronModel>(&from.what);
  if (source_model != nullptr && network::is_readout(*source_model)) {
    refuse(thing, "source", from.name, "",
           fmt::format("must spike, and {} does not; its errors go by connect_learning_signal()",
                       network::name(*source_model)));
  }
  const auto& model = require_neurons(to, thing, "target");
  network::check_rule(thing, rule, from.size, to.size, source.index == target.index);
  std::visit([&](auto& s) { s.delay = s.delay.value_or(options_.dt); }, synapse);
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
                                      Value weight, std::optional<double> delay) {
  const auto& from = at(readout);
  const auto& to = at(target);
  auto name = from.name + "_" + to.name;
  const auto thing = fmt::format("learning signal '{}'", name);
  const auto& source_model = require_neurons(from, thing, "source");
  const auto& target_model = require_neurons(to, thing, "target");
  if (!network::is_readout(source_model)) {
    refuse(thing, "source", from.name, "",
           fmt::format("must be a population of readouts, and is one of {}",
                       network::name(source_model)));
  }
  if (network::is_readout(target_model) || network::family(target_model) == Family::none) {
    refuse(thing, "target", to.name, "",
           fmt::format("must be a population of recurrent e-prop neurons, and is one of {}",
                       network::name(target_model)));
  }
  if (network::family(source_model) != network::family(target_model)) {
    refuse(thing, "target", to.name, "",
           fmt::format("must be of the e-prop family of its readouts, and {} and {} differ",
                       network::name(target_model), network::name(source_model)));
  }
  network::check_rule(thing, rule, from.size, to.size, false);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  network::check_weight(thing, weight, rule, from.size, to.size, -infinity, infinity);
  const double time = delay.value_or(options_.dt);
  const auto steps = core::to_steps(time, options_.dt, thing, "delay", 1);
  if (network::family(source_model) == Family::bsshslm_2020 && steps != 1) {
    refuse(thing, "delay", time, "ms",
           fmt::format("bsshslm_2020 learning signals take one step, dt = {} ms; leave it out",
                       options_.dt));
  }
  learning_signals_.push_back(
      {std::move(name), readout, target, std::move(rule), std::move(weight), time});
}

void Network::connect_rate(RateGenerator generator, Population readout, RateReceptor receptor) {
  const auto& from = at(generator);
  const auto& to = at(readout);
  const auto thing = fmt::format("rate generator '{}'", from.name);
  const auto& model = require_neurons(to, thing, "readout");
  if (!network::is_readout(model)) {
    refuse(thing, "readout", to.name, "",
           fmt::format("must be a population of readouts, and is one of {}", network::name(model)));
  }
  if (receptor == RateReceptor::learning_window && network::family(model) != Family::plus) {
    refuse(thing, "receptor", "learning_window", "",
           "belongs to eprop_readout; bsshslm_2020 readouts take NetworkOptions::learning_window");
  }
  const auto n = from.rates.amplitudes.size();
  if (n != 1 && n != to.size) {
    refuse(thing, "generators", n, "",
           fmt::format("must be 1, or one for each of the {} readouts", to.size));
  }
  for (const auto& other : rate_connections_) {
    if (other.readout.index == readout.index && other.receptor == receptor) {
      refuse(
          thing, "readout", to.name, "",
          fmt::format("has a {} already, from rate generator '{}'",
                      receptor == RateReceptor::target_signal ? "target signal" : "learning window",
                      rate_generators_[other.generator.index].name));
    }
  }
  rate_connections_.push_back({generator, readout, receptor});
}

}  // namespace eprop
