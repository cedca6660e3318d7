#pragma once

#include <cstdint>
#include <vector>

#include "core/partition.hpp"
#include "core/random.hpp"
#include "eprop/connection_rules.hpp"

namespace eprop::network {

struct Connection {
  std::uint32_t source;
  std::uint32_t target;
  std::uint64_t index;  ///< position in the rule's weight array, unique in the projection
};

struct ConnectionSpace {
  std::uint32_t sources;
  std::uint32_t targets;
  bool same_population;
};

/// The connections that a rule makes onto the targets of `range`, ordered by target, source, index.
/// Their union over ranges that tile the targets is the same for every tiling.
[[nodiscard]] std::vector<Connection> connections(const ConnectionRule& rule,
                                                  const ConnectionSpace& space, core::Range range,
                                                  const core::RandomStream& random);

/// Whether connections() costs the same for all targets as for a few: then it should be called once
/// for many.
[[nodiscard]] bool made_by_source(const ConnectionRule& rule);

}  // namespace eprop::network
