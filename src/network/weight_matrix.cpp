#include "network/weight_matrix.hpp"

#include <cmath>
#include <limits>

#include "core/refuse.hpp"
#include "eprop/network.hpp"

namespace eprop {

using core::refuse;

namespace network {

std::optional<std::pair<std::uint32_t, std::uint32_t>> repeated_pair(const SynapseTable& table) {
  for (std::size_t s = 1; s < table.source.size(); ++s) {
    const std::pair pair{table.source[s], table.target[s]};
    if (pair == std::pair{table.source[s - 1], table.target[s - 1]}) return pair;
  }
  return std::nullopt;
}

void check_matrix_shape(std::string_view thing, const MatrixShape& matrix,
                        const MatrixShape& wanted) {
  if (matrix == wanted) return;
  refuse(thing, "weight matrix", fmt::format("{} x {}", matrix.targets, matrix.sources), "",
         fmt::format("must be [target][source] = {} x {}", wanted.targets, wanted.sources));
}

}  // namespace network

WeightMatrix weight_matrix(const SynapseTable& table, std::uint32_t targets,
                           std::uint32_t sources) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  WeightMatrix matrix{targets, sources, std::vector<double>(std::size_t{targets} * sources, none)};
  for (std::size_t s = 0; s < table.weight.size(); ++s) {
    const auto source = table.source[s], target = table.target[s];
    const auto require = [&](bool kept, const std::string& rule) {
      if (!kept) {
        refuse("weight matrix", "synapse", fmt::format("{} -> {}", source, target), "", rule);
      }
    };
    require(source < sources && target < targets,
            fmt::format("must be from one of {} sources to one of {} targets", sources, targets));
    double& weight = matrix.weights[std::size_t{target} * sources + source];
    require(std::isnan(weight),
            "must be the only one of its pair: a matrix cannot tell several apart");
    weight = table.weight[s];
  }
  return matrix;
}

SynapseTable synapse_table(const WeightMatrix& matrix) {
  if (matrix.weights.size() != std::size_t{matrix.targets} * matrix.sources) {
    refuse("weight matrix", "weights", matrix.weights.size(), "values",
           fmt::format("must be one for each pair of {} x {}", matrix.targets, matrix.sources));
  }
  SynapseTable table;
  auto weight = matrix.weights.begin();
  for (std::uint32_t target = 0; target < matrix.targets; ++target) {
    for (std::uint32_t source = 0; source < matrix.sources; ++source, ++weight) {
      if (std::isnan(*weight)) continue;
      table.source.push_back(source);
      table.target.push_back(target);
      table.weight.push_back(*weight);
    }
  }
  return table;
}

Projection Network::connect(Population source, Population target, const WeightMatrix& weights,
                            SynapseModel synapse, std::string name) {
  const auto& from = at(source);
  const auto& to = at(target);
  const auto thing =
      fmt::format("projection '{}'", name.empty() ? from.name + "_" + to.name : name);
  network::check_matrix_shape(thing, {weights.targets, weights.sources}, {to.size, from.size});
  auto table = synapse_table(weights);
  const bool full = table.weight.size() == weights.weights.size();
  std::visit([&](auto& s) { s.weight = Value(std::move(table.weight)); }, synapse);
  auto rule = full ? ConnectionRule(AllToAll{})
                   : ConnectionRule(ExplicitList{std::move(table.source), std::move(table.target)});
  return connect(source, target, std::move(rule), std::move(synapse), std::move(name));
}

}  // namespace eprop
