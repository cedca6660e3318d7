#include "state/synapse_order.hpp"

#include <gtest/gtest.h>

#include <tuple>

namespace eprop::state {
namespace {

using Place = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>;

std::vector<Place> order_of(const std::vector<synapses::SynapseTile>& tiles) {
  ProjectionPart part;
  part.tiles = tiles;
  std::vector<Place> places;
  for (const auto& p : ordered_synapses(part)) {
    places.emplace_back(p.source, p.target, p.tile, p.synapse);
  }
  return places;
}

TEST(OrderedSynapses, AreByTargetThenSource) {
  // Onto the targets 10 and 11, and 12 to 14: tiles store by source what they are given by target.
  const synapses::SynapseTile first({{1, 10, 0}, {0, 11, 1}, {1, 11, 2}, {3, 11, 3}}, {10, 12}, 4);
  const synapses::SynapseTile second({{2, 12, 4}, {0, 14, 5}, {2, 14, 6}}, {12, 15}, 4);
  EXPECT_EQ(order_of({first, second}), (std::vector<Place>{{1, 10, 0, 1},
                                                           {0, 11, 0, 0},
                                                           {1, 11, 0, 2},
                                                           {3, 11, 0, 3},
                                                           {2, 12, 1, 1},
                                                           {0, 14, 1, 0},
                                                           {2, 14, 1, 2}}));
}

TEST(OrderedSynapses, OfAPairAreAsTheyAreStored) {
  const synapses::SynapseTile tile({{0, 5, 0}, {1, 5, 1}, {1, 5, 2}, {1, 6, 3}}, {5, 7}, 2);
  EXPECT_EQ(order_of({tile}),
            (std::vector<Place>{{0, 5, 0, 0}, {1, 5, 0, 1}, {1, 5, 0, 2}, {1, 6, 0, 3}}));
}

TEST(OrderedSynapses, AreNoneWhereThereAreNone) {
  EXPECT_TRUE(order_of({}).empty());
  EXPECT_TRUE(order_of({synapses::SynapseTile({}, {3, 3}, 4)}).empty());
  const synapses::SynapseTile tile({{0, 5, 0}}, {5, 6}, 1);
  EXPECT_EQ(order_of({synapses::SynapseTile({}, {3, 5}, 1), tile}),
            (std::vector<Place>{{0, 5, 1, 0}}));
}

}  // namespace
}  // namespace eprop::state
