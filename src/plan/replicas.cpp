#include "plan/replicas.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eprop::plan {
namespace {

std::string obstacle_of(const Plan& plan, std::size_t population) {
  const auto& spec = plan.network.populations()[population];
  const auto* model = std::get_if<NeuronModel>(&spec.what);
  if (model == nullptr) return {};
  if (network::family(*model) != Family::bsshslm_2020) {
    return fmt::format("neurons of '{}' are not reset after a sample: they are no bsshslm_2020",
                       spec.name);
  }
  const bool forced = std::visit(
      [](const auto& m) {
        if constexpr (std::derived_from<std::decay_t<decltype(m)>, EpropNeuron>) {
          return m.ignore_and_spike;
        }
        return false;
      },
      *model);
  if (!forced) return {};
  return fmt::format("neurons of '{}' spike in fixed steps (ignore_and_spike)", spec.name);
}

std::string obstacle_of(const Plan& plan, const ProjectionPlan& projection,
                        const std::string& name) {
  if (projection.optimizer) return {};
  if (projection.delay > 1) {
    return fmt::format("spikes of '{}' arrive after more than a step", name);
  }
  const bool from_neurons =
      std::holds_alternative<Neurons>(plan.populations[projection.source].role);
  if (!from_neurons || projection.onto_readouts) return {};
  return fmt::format("'{}' does not learn, and carries spikes from one sample into the next", name);
}

}  // namespace

std::string replica_obstacle(const Plan& plan) {
  if (!plan.timing.reset_neurons_on_update) {
    return "neurons are not reset after a sample (reset_neurons_on_update)";
  }
  for (std::size_t i = 0; i < plan.populations.size(); ++i) {
    if (auto obstacle = obstacle_of(plan, i); !obstacle.empty()) return obstacle;
  }
  for (std::size_t p = 0; p < plan.projections.size(); ++p) {
    const auto& name = plan.network.projections()[p].name;
    auto obstacle = obstacle_of(plan, plan.projections[p], name);
    if (!obstacle.empty()) return obstacle;
  }
  const auto learns = [](const ProjectionPlan& p) { return p.optimizer.has_value(); };
  const auto first = std::ranges::find_if(plan.projections, learns);
  if (first == plan.projections.end()) return "no projection learns";
  const auto size = first->optimizer->batch_size;
  for (const auto& projection : plan.projections) {
    if (learns(projection) && projection.optimizer->batch_size != size) {
      return fmt::format("batch_size is {} in some projections and {} in others", size,
                         projection.optimizer->batch_size);
    }
  }
  if (size == 1) return "weights change after each sample (batch_size = 1)";
  return {};
}

std::int64_t samples_of_batch(const Plan& plan) {
  for (const auto& projection : plan.projections) {
    if (projection.optimizer) return projection.optimizer->batch_size;
  }
  return 1;
}

std::int64_t most_replicas(const Plan& plan) {
  return replica_obstacle(plan).empty() ? std::max<std::int64_t>(1, samples_of_batch(plan) / 2) : 1;
}

bool batch_begins(const Plan& plan, Step t) {
  const Step batch = samples_of_batch(plan) * plan.timing.update_interval.value();
  return t == 0 || (t >= offset::update && (t - offset::update) % batch == 0);
}

double possible_learning_synapses(const Plan& plan) {
  double n = 0.0;
  for (const auto& projection : plan.projections) {
    if (projection.optimizer) {
      n += static_cast<double>(projection.n_sources) * static_cast<double>(projection.n_targets);
    }
  }
  return n;
}

}  // namespace eprop::plan
