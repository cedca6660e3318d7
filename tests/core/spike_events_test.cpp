#include "core/spike_events.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace eprop::core {
namespace {

SpikeEvents in_order(SpikeEvents events) {
  put_in_order(events);
  return events;
}

TEST(SpikeEvents, StayWhereTheyAreInOrder) {
  const SpikeEvents events{{3, 3, 4, 900000000}, {1, 5, 0, 0}};
  EXPECT_EQ(in_order(events), events);
  EXPECT_EQ(in_order({}), SpikeEvents{});
}

TEST(SpikeEvents, ThatFillTheirStepsAreSortedNeuronAfterNeuron) {
  EXPECT_EQ(in_order({{7, 9, 6, 9, 6}, {0, 0, 1, 1, 2}}),
            (SpikeEvents{{6, 6, 7, 9, 9}, {1, 2, 0, 0, 1}}));
}

TEST(SpikeEvents, OfAStepInAnyOrderAreSortedByNeuron) {
  EXPECT_EQ(in_order({{7, 6, 7}, {4, 1, 2}}), (SpikeEvents{{6, 7, 7}, {1, 2, 4}}));
}

TEST(SpikeEvents, ThatAreFarApartAreSorted) {
  const Step far = Step{1} << 49U;
  EXPECT_EQ(in_order({{far, 0, far}, {1, 2, 0}}), (SpikeEvents{{0, far, far}, {2, 0, 1}}));
}

TEST(SpikeEvents, CountOnce) {
  EXPECT_EQ(in_order({{5, 5, 5}, {3, 3, 3}}), (SpikeEvents{{5}, {3}}));
  EXPECT_EQ(in_order({{6, 5, 6}, {3, 3, 3}}), (SpikeEvents{{5, 6}, {3, 3}}));
}

}  // namespace
}  // namespace eprop::core
