#include "core/step_ring.hpp"

#include <gtest/gtest.h>

namespace eprop::core {
namespace {

TEST(StepRing, StartsWithZeros) {
  StepRing ring(3, 2);
  EXPECT_EQ(ring.rows(), 3);
  EXPECT_EQ(ring.columns(), 2U);
  for (Step t = 0; t < 3; ++t) {
    EXPECT_EQ(ring.row(t)[0], 0.0);
    EXPECT_EQ(ring.row(t)[1], 0.0);
  }
}

TEST(StepRing, KeepsTheLastSteps) {
  StepRing ring(5, 3);
  const auto value = [](Step t, std::size_t c) {
    return static_cast<double>(10 * t) + static_cast<double>(c);
  };
  for (Step t = 0; t < 1000; ++t) {
    for (std::size_t c = 0; c < 3; ++c) ring.row(t)[c] = value(t, c);
    for (Step kept = std::max<Step>(0, t - 4); kept <= t; ++kept) {
      for (std::size_t c = 0; c < 3; ++c) ASSERT_EQ(ring.row(kept)[c], value(kept, c));
    }
  }
}

TEST(StepRing, LeadsFromAStepToTheOneBefore) {
  StepRing ring(5, 3);
  for (Step t = 1; t < 20; ++t) EXPECT_EQ(ring.before(ring.row(t)), ring.row(t - 1));
}

TEST(StepRing, ReachesStepsBeyond32Bits) {
  StepRing ring(7, 1);
  const Step late = (Step{1} << 40U) + 3;
  for (Step t = late; t < late + 7; ++t) *ring.row(t) = static_cast<double>(t - late);
  for (Step t = late; t < late + 7; ++t) EXPECT_EQ(*ring.row(t), static_cast<double>(t - late));
}

TEST(StepRing, IsEmptyWithoutRows) {
  EXPECT_TRUE(StepRing().empty());
  EXPECT_FALSE(StepRing(1, 1).empty());
}

}  // namespace
}  // namespace eprop::core
