#include <algorithm>
#include <cmath>

#include "core/steps.hpp"
#include "network/model_traits.hpp"
#include "plan/plan.hpp"
#include "plan/tiling.hpp"
#include "plan/transmission_mode.hpp"

namespace eprop::plan {
namespace {

Timing timing_of(const Network& network) {
  const auto& o = network.options();
  Timing timing;
  timing.dt = o.dt;
  timing.update_interval =
      core::to_steps(o.update_interval.value(), o.dt, "network", "update_interval");
  timing.learning_window =
      core::to_steps(o.learning_window.value(), o.dt, "network", "learning_window");
  timing.reset_neurons_on_update = o.reset_neurons_on_update;
  return timing;
}

ProjectionPlan plan_projection(const Plan& plan, const Network::ProjectionSpec& spec) {
  const auto& populations = plan.network.populations();
  const auto& timing = plan.timing;
  ProjectionPlan projection;
  projection.source = spec.source.index;
  projection.target = spec.target.index;
  projection.n_sources = populations[projection.source].size;
  projection.n_targets = populations[projection.target].size;
  projection.onto_readouts =
      network::is_readout(std::get<NeuronModel>(populations[projection.target].what));
  const auto steps = [&](double delay) {
    return core::to_steps(delay, timing.dt, spec.name, "delay");
  };
  if (const auto* s = std::get_if<StaticSynapse>(&spec.synapse)) {
    projection.delay = steps(s->delay.value());
  }
  if (const auto* s = std::get_if<EpropSynapseBsshslm2020>(&spec.synapse)) {
    projection.family = Family::bsshslm_2020;
    projection.optimizer.emplace(s->optimizer);
    projection.kappa = std::exp(-timing.dt / s->tau_m_readout);
    if (s->average_gradient) {
      projection.gradient_scale = 1.0 / static_cast<double>(timing.learning_window);
    }
  }
  if (const auto* s = std::get_if<EpropSynapse>(&spec.synapse)) {
    projection.family = Family::plus;
    projection.delay = steps(s->delay.value());
    projection.optimizer.emplace(s->optimizer);
    projection.optimize_each_step = s->optimize_each_step;
  }
  return projection;
}

SignalPlan plan_signal(const Plan& plan, const Network::LearningSignalSpec& spec) {
  return {.readout = spec.readout.index,
          .target = spec.target.index,
          .delay = core::to_steps(spec.delay, plan.timing.dt, "learning signal", "delay"),
          .lead = signal_lead(plan, spec.target.index, spec.readout.index)};
}

/// The shortest time that anything needs from neuron to neuron.
Step minimum_delay(const Plan& plan) {
  constexpr Step longest = 1000;
  Step delay = longest;
  for (const auto& p : plan.projections) delay = std::min(delay, p.delay);
  for (const auto& s : plan.signals) delay = std::min(delay, s.delay);
  for (const auto& spec : plan.network.populations()) {
    const auto* model = std::get_if<NeuronModel>(&spec.what);
    if (model != nullptr && network::is_softmax(*model)) delay = 1;
  }
  return delay == longest ? 1 : delay;
}

std::vector<PassGroup> pass_groups(const Plan& plan, const PopulationPlan& population) {
  std::vector<PassGroup> groups;
  for (const auto p : population.incoming) {
    const auto& projection = plan.projections[p];
    if (projection.family != Family::bsshslm_2020) continue;
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const PassGroup& g) { return g.kappa == projection.kappa; });
    if (group == groups.end()) group = groups.insert(group, {projection.kappa, {}});
    group->projections.push_back(p);
  }
  return groups;
}

Neurons plan_neurons(const Plan& plan, const PopulationPlan& population, const NeuronModel& model) {
  return {.family = network::family(model),
          .adaptive = network::has<Adaptation>(model),
          .passes = pass_groups(plan, population)};
}

Readouts plan_readouts(const Plan& plan, std::uint32_t index, const PopulationPlan& population,
                       const NeuronModel& model) {
  const auto& mode = population.transmission;
  Readouts readouts{.family = network::family(model), .softmax = network::is_softmax(model)};
  readouts.errors_kept = readouts.family == Family::bsshslm_2020
                             ? plan.timing.update_interval.value() + offset::update
                             : plasticity::archive_steps(mode) + mode.lag + 2;
  for (const auto& connection : plan.network.rate_connections()) {
    if (connection.readout.index == index) readouts.rates.push_back(connection);
  }
  return readouts;
}

/// How many steps of spikes a population must remember.
Step spikes_kept(const Plan& plan, bool learns_by_interval) {
  Step longest_delay = 1;
  for (const auto& p : plan.projections) longest_delay = std::max(longest_delay, p.delay);
  const Step learnt =
      learns_by_interval ? plan.timing.update_interval.value() + offset::readouts : 0;
  return std::max(learnt, longest_delay + plan.timing.exchange_interval.value()) + 1;
}

PopulationPlan plan_population(const Plan& plan, std::uint32_t index) {
  const auto& spec = plan.network.populations()[index];
  PopulationPlan population;
  population.size = spec.size;
  for (std::uint32_t p = 0; p < plan.projections.size(); ++p) {
    const auto& projection = plan.projections[p];
    if (projection.target == index) population.incoming.push_back(p);
    if (projection.source == index && projection.family == Family::bsshslm_2020) {
      population.learns_by_interval = true;
    }
  }
  const auto* model = std::get_if<NeuronModel>(&spec.what);
  if (model == nullptr || !network::is_readout(*model)) {
    population.spikes_kept = spikes_kept(plan, population.learns_by_interval);
  }
  if (model == nullptr) return population;
  population.tile_width = tile_width(plan, index);
  if (network::family(*model) == Family::plus)
    population.transmission = transmission_mode(plan, index);
  if (network::is_readout(*model)) {
    population.role = plan_readouts(plan, index, population, *model);
  } else {
    population.role = plan_neurons(plan, population, *model);
  }
  return population;
}

}  // namespace

Plan make_plan(const Network& network) {
  Plan plan;
  plan.network = network;
  plan.timing = timing_of(network);
  for (const auto& spec : network.projections()) {
    plan.projections.push_back(plan_projection(plan, spec));
  }
  for (const auto& spec : network.learning_signals()) {
    plan.signals.push_back(plan_signal(plan, spec));
  }
  plan.timing.exchange_interval = minimum_delay(plan);
  for (std::uint32_t i = 0; i < network.populations().size(); ++i) {
    plan.populations.push_back(plan_population(plan, i));
  }
  return plan;
}

}  // namespace eprop::plan
