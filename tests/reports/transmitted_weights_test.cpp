#include "reports/transmitted_weights.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "distributed_test.hpp"
#include "refusal.hpp"
#include "reported_rank.hpp"

namespace eprop::reports {
namespace {

using testing::refusal;
using testing::ReportedRank;

void set_weights(ReportedRank& reported, double weight) {
  for (auto& worker : reported.rank->workers) {
    for (auto& tile : worker->projections[ReportedRank::in_rec.index].tiles) {
      std::fill(tile.weight.begin(), tile.weight.end(), weight);
    }
  }
}

}  // namespace

DISTRIBUTED_TEST(TransmittedWeights, AreCopiedForSourcesThatSpike, RANKS(1, 2, 3)) {
  ReportedRank reported(comm);
  TransmittedWeights kept(reported.context);
  EXPECT_TRUE(kept.empty());
  EXPECT_EQ(kept.last_before(5), -1);
  kept.add(reported.in_rec, 0);
  EXPECT_EQ(kept.last_before(5), 4);
  set_weights(reported, 2.0);
  reported.emit({}, {0});
  for (std::size_t w = 0; w < reported.rank->workers.size(); ++w) kept.before_delivery(w, 1);
  auto table = kept.of(reported.in_rec);
  EXPECT_EQ(table.weight.size(), comm.rank() == 0 ? 14 : 0);
  for (std::size_t s = 0; s < table.weight.size(); ++s) {
    EXPECT_EQ(table.target[s], s / 2);
    EXPECT_EQ(table.source[s], s % 2);
    EXPECT_EQ(table.weight[s], table.source[s] == 0 ? 2.0 : 1.0);
  }
  kept.set(reported.in_rec);
  for (const double weight : kept.of(reported.in_rec).weight) EXPECT_EQ(weight, 2.0);
}

DISTRIBUTED_TEST(TransmittedWeights, AreRefusedWhereTheyAreNotKept, RANKS(1)) {
  ReportedRank reported(comm);
  TransmittedWeights kept(reported.context);
  kept.set(reported.in_rec);  // nothing to do
  kept.add(reported.in_rec, 0);
  kept.clear();
  EXPECT_EQ(refusal([&] { (void)kept.of(reported.in_rec); }),
            "projection 'in_rec': transmitted weights = none: they are not kept");
  EXPECT_NE(refusal([&] { kept.add({9}, 0); }), "");
}

}  // namespace eprop::reports
