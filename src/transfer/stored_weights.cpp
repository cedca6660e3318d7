#include "transfer/stored_weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "checkpoint/snapshot.hpp"
#include "core/refuse.hpp"
#include "eprop/errors.hpp"
#include "transfer/column_names.hpp"
#include "transfer/fingerprint.hpp"

namespace eprop::transfer {
namespace {

std::vector<StoredWeights> from_output(const std::string& path,
                                       const std::vector<WantedWeights>& wanted) {
  std::vector<std::string> names;
  for (const auto& w : wanted) names.push_back(w.name);
  std::vector<StoredWeights> found;
  for (auto& file : recording::read_weights_file(path, names)) {
    found.push_back({fmt::format("output file '{}', '{}'", path, file.dataset),
                     std::move(file.table.weight), std::move(file)});
  }
  return found;
}

/// Names of all that the snapshot has weights of.
std::vector<std::string> projections(const checkpoint::Snapshot& snapshot) {
  std::vector<std::string> names;
  for (const auto& [column, values] : snapshot.numbers) {
    if (auto name = projection_of_weights(column); !name.empty()) names.push_back(std::move(name));
  }
  return names;
}

void require_same_checksum(const std::string& thing, const checkpoint::Snapshot& snapshot,
                           const WantedWeights& wanted, std::size_t found) {
  const auto refuse = [&](const std::string& synapses, std::string_view rule) {
    core::refuse(
        thing, "synapses", synapses, "",
        fmt::format("must be {} of the network; which are drawn depends on the seed", rule));
  };
  if (found != wanted.synapses.count) {
    refuse(fmt::format("{}", found), fmt::format("the {}", wanted.synapses.count));
  }
  const auto same = [&](const std::string& line) {
    return line.starts_with(projection_words(wanted.name)) &&
           line.find(words(wanted.synapses)) != std::string::npos;
  };
  if (std::ranges::none_of(snapshot.network, same)) {
    refuse(fmt::format("{} between other neurons", found), "between the same as those");
  }
}

std::vector<StoredWeights> from_checkpoint(const std::string& path,
                                           const std::vector<WantedWeights>& wanted) {
  auto snapshot = checkpoint::read(path);
  const auto present = projections(snapshot);
  std::vector<std::string> missing;
  for (const auto& w : wanted) {
    if (std::ranges::find(present, w.name) == present.end()) missing.push_back(w.name);
  }
  const auto file = fmt::format("checkpoint '{}'", path);
  if (!missing.empty()) {
    throw CheckpointError(recording::missing_weights(file, missing, present));
  }
  std::vector<StoredWeights> found;
  for (const auto& w : wanted) {
    const auto columns = columns_of_projection(w.name);
    auto weights = snapshot.numbers.find(columns + weight_in_force);
    if (weights == snapshot.numbers.end()) weights = snapshot.numbers.find(columns + stored_weight);
    auto thing = fmt::format("{}, projection '{}'", file, w.name);
    require_same_checksum(thing, snapshot, w, weights->second.size());
    found.push_back({std::move(thing), weights->second, std::nullopt});
  }
  return found;
}

}  // namespace

std::vector<StoredWeights> stored_weights(const std::string& path,
                                          const std::vector<WantedWeights>& wanted) {
  return checkpoint::is_snapshot(path) ? from_checkpoint(path, wanted) : from_output(path, wanted);
}

}  // namespace eprop::transfer
