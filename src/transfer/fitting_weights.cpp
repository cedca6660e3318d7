#include "transfer/fitting_weights.hpp"

#include <cmath>
#include <tuple>
#include <utility>

#include "core/refuse.hpp"
#include "network/optimizers.hpp"
#include "network/weight_matrix.hpp"

namespace eprop::transfer {
namespace {

/// Target and source: what synapses are ordered by.
std::pair<std::uint32_t, std::uint32_t> key(const SynapseTable& table, std::size_t s) {
  return {table.target[s], table.source[s]};
}

/// Synapses that one of two tables has and the other has not.
struct Surplus {
  std::size_t count = 0;
  std::pair<std::uint32_t, std::uint32_t> first;  ///< target and source

  void add(std::pair<std::uint32_t, std::uint32_t> synapse) {
    if (count++ == 0) first = synapse;
  }
  [[nodiscard]] std::string words(std::string_view kind) const {
    if (count == 0) return fmt::format("0 {}", kind);
    return fmt::format("{} {} (first {} -> {})", count, kind, first.second, first.first);
  }
};

bool is_ordered(const SynapseTable& table) {
  for (std::size_t s = 1; s < table.source.size(); ++s) {
    if (key(table, s) < key(table, s - 1)) return false;
  }
  return true;
}

}  // namespace

void require_possible(const std::string& thing, const plan::ProjectionPlan& projection,
                      std::span<const double> weights) {
  for (const double w : weights) {
    if (!std::isfinite(w)) core::refuse(thing, "weight", w, "pA", "must be finite");
    if (projection.optimizer &&
        (w < projection.optimizer->w_min || w > projection.optimizer->w_max)) {
      network::refuse_weight(thing, "weight", w, projection.optimizer->w_min,
                             projection.optimizer->w_max);
    }
  }
}

void require_single_synapses(const std::string& thing, const SynapseTable& synapses) {
  if (const auto pair = network::repeated_pair(synapses)) {
    core::refuse(thing, "synapses", fmt::format("several {} -> {}", pair->first, pair->second), "",
                 "a matrix cannot tell them apart, a list or a checkpoint can");
  }
}

void require_same_synapses(const std::string& thing, std::string_view projection,
                           const SynapseTable& wanted, const SynapseTable& given) {
  if (wanted.source == given.source && wanted.target == given.target) return;
  if (!is_ordered(given)) {
    core::refuse(thing, "synapses", "unordered", "", "must be ordered by target, then source");
  }
  Surplus missing, extra;
  std::size_t w = 0, g = 0;
  const auto n = wanted.source.size(), m = given.source.size();
  while (w < n || g < m) {
    if (g == m || (w < n && key(wanted, w) < key(given, g))) {
      missing.add(key(wanted, w++));
    } else if (w == n || key(given, g) < key(wanted, w)) {
      extra.add(key(given, g++));
    } else {
      ++w, ++g;
    }
  }
  core::refuse(thing, "synapses", missing.words("missing") + ", " + extra.words("too many"), "",
               fmt::format("must be all of projection '{}' and no others; which are drawn depends "
                           "on the seed",
                           projection));
}

}  // namespace eprop::transfer
