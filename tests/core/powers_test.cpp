#include "core/powers.hpp"

#include <gtest/gtest.h>

namespace eprop::core {

TEST(Powers, AreThoseOfTheirBase) {
  for (const double base : {0.5, 0.9, 0.97, 1.0}) {
    const Powers power(base);
    EXPECT_EQ(power.base(), base);
    for (Step e = -130; e <= 130; ++e) {
      EXPECT_EQ(power(e), std::pow(base, static_cast<double>(e))) << base << "^" << e;
    }
    EXPECT_EQ(power(0), 1.0);
    EXPECT_EQ(power(1), base);
    EXPECT_EQ(power(100000), std::pow(base, 1e5));
  }
}

TEST(Powers, OfZeroAreZeroButForTheFirst) {
  const Powers power(0.0);
  EXPECT_EQ(power(0), 1.0);
  for (const Step e : {1, 2, 64, 65, 1000}) EXPECT_EQ(power(e), 0.0);
}

}  // namespace eprop::core
