#include "core/divisor.hpp"

#include <gtest/gtest.h>

namespace eprop::core {
namespace {

TEST(Divisor, DividesItsMultiplesAndNothingElse) {
  for (Step d = 1; d < 300; ++d) {
    const Divisor divisor(d);
    EXPECT_EQ(divisor.value(), d);
    for (Step n = 0; n < 1000; ++n) EXPECT_EQ(divisor.divides(n), n % d == 0) << n << ", " << d;
  }
}

TEST(Divisor, KnowsMultiplesOfAnySize) {
  for (const Step d : {3L, 1024L, 1000000L, 999999937L, 3L << 40}) {
    const Divisor divisor(d);
    for (Step n = (Step{1} << 62) / d * d; n > (Step{1} << 62) - 4 * d; n -= d) {
      EXPECT_TRUE(divisor.divides(n)) << n << ", " << d;
      EXPECT_FALSE(divisor.divides(n - 1)) << n << ", " << d;
      EXPECT_FALSE(divisor.divides(n + 1)) << n << ", " << d;
      EXPECT_FALSE(divisor.divides(n + d / 2)) << n << ", " << d;
    }
  }
}

}  // namespace
}  // namespace eprop::core
