#include <algorithm>
#include <limits>

#include "core/interval_offsets.hpp"
#include "core/refuse.hpp"
#include "eprop/network.hpp"
#include "eprop/step.hpp"
#include "network/model_traits.hpp"

namespace eprop {
namespace {

double delay_of(const SynapseModel& synapse) {
  return std::visit([](const auto& s) { return s.delay.value(); }, synapse);
}

/// The shortest way from any input population to each population (Bellman and Ford), ms.
std::vector<double> shortest_ways(const Network& network) {
  const auto& populations = network.populations();
  std::vector<double> way;
  for (const auto& spec : populations) {
    const bool is_input = !std::holds_alternative<NeuronModel>(spec.what);
    way.push_back(is_input ? 0.0 : std::numeric_limits<double>::infinity());
  }
  for (std::size_t hop = 0; hop < populations.size(); ++hop) {
    for (const auto& projection : network.projections()) {
      auto& there = way[projection.target.index];
      there = std::min(there, way[projection.source.index] + delay_of(projection.synapse));
    }
  }
  return way;
}

}  // namespace

double Network::sample_offset(Population population) const {
  namespace offset = core::interval_offset;
  const auto& spec = at(population);
  const auto* model = std::get_if<NeuronModel>(&spec.what);
  if (model != nullptr && network::family(*model) == Family::bsshslm_2020) {
    const Step steps = network::is_readout(*model) ? offset::signals : offset::recurrent;
    return static_cast<double>(steps) * options_.dt;
  }
  const double way = shortest_ways(*this)[population.index];
  if (way == std::numeric_limits<double>::infinity()) {
    core::refuse(fmt::format("population '{}'", spec.name), "inputs", "none", "",
                 "no way leads from any input population here");
  }
  return way;
}

}  // namespace eprop
