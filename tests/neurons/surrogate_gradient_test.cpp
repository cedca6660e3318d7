#include "neurons/surrogate_gradient.hpp"

#include <gtest/gtest.h>

namespace eprop::neurons {
namespace {

using enum SurrogateGradient;

TEST(SurrogateGradients, HaveHeightOneAtTheThreshold) {
  EXPECT_EQ(surrogate_gradient<piecewise_linear>(0.0), 1.0);
  EXPECT_EQ(surrogate_gradient<exponential>(0.0), 1.0);
  EXPECT_EQ(surrogate_gradient<fast_sigmoid_derivative>(0.0), 1.0);
  EXPECT_EQ(surrogate_gradient<arctan_derivative>(0.0), 1.0);
}

TEST(SurrogateGradients, FallOffWithTheDistanceFromTheThreshold) {
  EXPECT_DOUBLE_EQ(surrogate_gradient<piecewise_linear>(0.25), 0.75);
  EXPECT_EQ(surrogate_gradient<piecewise_linear>(1.0), 0.0);
  EXPECT_EQ(surrogate_gradient<piecewise_linear>(3.0), 0.0);
  EXPECT_DOUBLE_EQ(surrogate_gradient<exponential>(2.0), 0.1353352832366127);
  EXPECT_DOUBLE_EQ(surrogate_gradient<fast_sigmoid_derivative>(3.0), 0.0625);
  EXPECT_DOUBLE_EQ(surrogate_gradient<arctan_derivative>(3.0), 0.1);
}

TEST(SurrogateGradients, AreChosenAtRunTime) {
  for (const auto s : {piecewise_linear, exponential, fast_sigmoid_derivative, arctan_derivative}) {
    EXPECT_EQ(dispatch(s, []<SurrogateGradient S>() { return S; }), s);
  }
  EXPECT_TRUE(dispatch(true, []<bool B>() { return B; }));
  EXPECT_FALSE(dispatch(false, []<bool B>() { return B; }));
}

}  // namespace
}  // namespace eprop::neurons
