#pragma once

#include <cstdint>
#include <variant>
#include <vector>

/// Which neurons of one population project to which of another.
///
/// A rule yields the same synapses on every layout. Where weights are given as an array, its order
/// is stated with the rule. `autapses` and `multapses` matter for projections of a population to
/// itself and for repeated draws.
namespace eprop {

/// Every source to every target. Array: [target][source].
struct AllToAll {
  bool autapses = true;  ///< false: no neuron to itself (the array still has that entry)
};

/// Source i to target i; equal sizes. Array: [i].
struct OneToOne {};

/// Each target draws `indegree` sources. Array: [target][draw].
struct FixedIndegree {
  std::uint32_t indegree = 1;
  bool autapses = true;
  bool multapses = true;  ///< false: sources of a target are distinct
};

/// Each source draws `outdegree` targets. Array: [source][draw].
struct FixedOutdegree {
  std::uint32_t outdegree = 1;
  bool autapses = true;
  bool multapses = true;  ///< false: targets of a source are distinct
};

/// Each pair with probability p. Array: [target][source].
struct PairwiseBernoulli {
  double p = 1.0;  ///< in [0, 1]
  bool autapses = true;
};

/// The pairs listed; source and target of equal length, in any order. Array: [entry].
struct ExplicitList {
  std::vector<std::uint32_t> source;
  std::vector<std::uint32_t> target;
};

using ConnectionRule = std::variant<AllToAll, OneToOne, FixedIndegree, FixedOutdegree,
                                    PairwiseBernoulli, ExplicitList>;

}  // namespace eprop
