#include "network/connections.hpp"

#include <algorithm>
#include <tuple>

#include "network/visit_connections.hpp"

namespace eprop::network {

std::vector<Connection> connections(const ConnectionRule& rule, const ConnectionSpace& space,
                                    core::Range range, const core::RandomStream& random) {
  std::vector<Connection> made;
  visit_connections(rule, space, range, random,
                    [&](std::uint32_t source, std::uint32_t target, std::uint64_t index) {
                      made.push_back({source, target, index});
                    });
  const auto less = [](const Connection& a, const Connection& b) {
    return std::tie(a.target, a.source, a.index) < std::tie(b.target, b.source, b.index);
  };
  if (!std::is_sorted(made.begin(), made.end(), less)) std::sort(made.begin(), made.end(), less);
  return made;
}

bool made_by_source(const ConnectionRule& rule) {
  return std::holds_alternative<FixedOutdegree>(rule) || std::holds_alternative<ExplicitList>(rule);
}

}  // namespace eprop::network
