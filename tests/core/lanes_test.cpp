#include "core/lanes.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace eprop::core {
namespace {

constexpr std::size_t widest = 4 * Lanes::size();

TEST(ForBlocks, ReachesEachElementWithoutLeavingTheRange) {
  for (std::size_t n = 0; n < 3 * widest; ++n) {
    std::vector<double> x(n), y(n, -1.0);
    std::iota(x.begin(), x.end(), 0.0);
    for_blocks<widest>(n, [&]<class V>(std::size_t i) {
      ASSERT_LE(i + V::size(), n);
      (V(x.data() + i, element_aligned) + V(1.0)).copy_to(y.data() + i, element_aligned);
    });
    for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(y[i], x[i] + 1.0) << n;
  }
}

TEST(ForBlocks, GivesEveryBlockAPlaceOfItsOwn) {
  for (std::size_t n = 0; n < 3 * widest; ++n) {
    std::vector<int> taken(n + Lanes::size(), 0);
    for_blocks<2 * Lanes::size()>(n, [&]<class V>(std::size_t i) {
      ASSERT_LE(slot<V>(i) + V::size(), taken.size());
      for (std::size_t k = 0; k < V::size(); ++k) EXPECT_EQ(++taken[slot<V>(i) + k], 1) << n;
    });
  }
}

}  // namespace
}  // namespace eprop::core
