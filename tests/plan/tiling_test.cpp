#include "plan/tiling.hpp"

#include <gtest/gtest.h>

#include "plan/plan.hpp"

namespace eprop {
namespace {

/// The tile width of 100 000 targets that this rule connects to 1000 inputs.
std::uint32_t width_of(const ConnectionRule& rule, const SynapseModel& synapse = EpropSynapse{}) {
  Network network;
  const auto in = network.add("in", 1000, PoissonSource{});
  const auto rec = network.add("rec", 100'000, EpropIaf{});
  network.connect(in, rec, rule, synapse);
  return plan::make_plan(network).populations.at(1).tile_width;
}

}  // namespace

TEST(TileWidth, LeavesASourceSome16SynapsesInATile) {
  EXPECT_EQ(width_of(FixedIndegree{10}), 1600U);
  EXPECT_EQ(width_of(PairwiseBernoulli{0.02}), 800U);
  EXPECT_EQ(width_of(FixedOutdegree{1000}), 1600U);
}

TEST(TileWidth, HasBounds) {
  EXPECT_EQ(width_of(AllToAll{}), 256U);
  EXPECT_EQ(width_of(PairwiseBernoulli{1e-6}), 65536U);
}

TEST(TileWidth, DoesNotCareForSynapsesThatDoNotLearn) {
  EXPECT_EQ(width_of(AllToAll{}, StaticSynapse{}), 65536U);
}

TEST(Tiles, AreContiguousAndNearlyEqual) {
  const auto tiles = plan::tiles(1000, 300);
  ASSERT_EQ(tiles.size(), 4U);
  std::uint32_t next = 0;
  for (const auto& tile : tiles) {
    EXPECT_EQ(tile.begin, next);
    EXPECT_EQ(tile.size(), 250U);
    next = tile.end;
  }
  EXPECT_EQ(next, 1000U);
}

TEST(Tiles, OfNoTargetsAreNone) { EXPECT_TRUE(plan::tiles(0, 300).empty()); }

}  // namespace eprop
