#include "training/stretch.hpp"

#include <gtest/gtest.h>

namespace eprop::training {
namespace {

TEST(Stretch, GrowsStepByStepToWhatFits) {
  Stretch stretch;
  EXPECT_EQ(stretch.steps(), 1);
  stretch.adapt(1, 0.001);  // 200 would fit
  EXPECT_EQ(stretch.steps(), 8);
  stretch.adapt(8, 0.008);
  EXPECT_EQ(stretch.steps(), 64);
  stretch.adapt(64, 0.064);
  EXPECT_EQ(stretch.steps(), 200);
}

TEST(Stretch, ShrinksAtOnceDownToAStep) {
  Stretch stretch;
  for (int i = 0; i < 5; ++i) stretch.adapt(stretch.steps(), 0.0);
  stretch.adapt(100, 2.0);
  EXPECT_EQ(stretch.steps(), 10);
  stretch.adapt(10, 1e9);
  EXPECT_EQ(stretch.steps(), 1);
}

TEST(Stretch, DoesNotGrowByAShorterOne) {
  Stretch stretch;
  for (int i = 0; i < 2; ++i) stretch.adapt(stretch.steps(), 0.0);
  EXPECT_EQ(stretch.steps(), 64);
  stretch.adapt(3, 0.0);
  EXPECT_EQ(stretch.steps(), 64);
}

}  // namespace
}  // namespace eprop::training
