#include "core/partition.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace eprop::core {
namespace {

TEST(Block, PartsTileTheElementsInOrder) {
  for (const std::uint32_t n : {0U, 1U, 2U, 7U, 64U, 1000U}) {
    for (int parts = 1; parts <= 17; ++parts) {
      std::uint32_t next = 0;
      for (int p = 0; p < parts; ++p) {
        const Range range = block(n, p, parts);
        EXPECT_EQ(range.begin, next) << n << " elements, part " << p << " of " << parts;
        EXPECT_GE(range.end, range.begin);
        next = range.end;
      }
      EXPECT_EQ(next, n) << n << " elements in " << parts << " parts";
    }
  }
}

TEST(Block, PartsDifferByAtMostOneElement) {
  for (int parts = 1; parts <= 17; ++parts) {
    for (int p = 0; p < parts; ++p) {
      const auto size = static_cast<int>(block(100, p, parts).size());
      EXPECT_GE(size, 100 / parts);
      EXPECT_LE(size, 100 / parts + 1);
    }
  }
}

TEST(Block, HandlesTheLargestPopulation) {
  constexpr auto n = std::numeric_limits<std::uint32_t>::max();
  EXPECT_EQ(block(n, 0, 100000).begin, 0U);
  EXPECT_EQ(block(n, 99999, 100000).end, n);
  EXPECT_EQ(block(n, 49999, 100000).end, n / 2);
}

TEST(Range, ContainsItsBeginButNotItsEnd) {
  const Range range{3, 5};
  EXPECT_FALSE(range.contains(2));
  EXPECT_TRUE(range.contains(3));
  EXPECT_TRUE(range.contains(4));
  EXPECT_FALSE(range.contains(5));
}

TEST(Layout, ThreadsTileTheirRankAndRanksTheNeurons) {
  for (const std::uint32_t n : {0U, 1U, 3U, 10U, 101U}) {
    for (int ranks = 1; ranks <= 5; ++ranks) {
      for (int threads = 1; threads <= 3; ++threads) {
        std::uint32_t next = 0;
        for (int r = 0; r < ranks; ++r) {
          const Layout layout{ranks, threads, r};
          const Range own = layout.of_this_rank(n);
          EXPECT_EQ(own.begin, next);
          for (int t = 0; t < threads; ++t) {
            EXPECT_EQ(layout.of_thread(n, t).begin, next);
            next = layout.of_thread(n, t).end;
          }
          EXPECT_EQ(own.end, next);
        }
        EXPECT_EQ(next, n);
      }
    }
  }
}

TEST(Layout, FindsTheRankOnWhichANeuronLives) {
  for (const std::uint32_t n : {1U, 2U, 5U, 10U, 101U}) {
    for (int ranks = 1; ranks <= 9; ++ranks) {
      for (int threads = 1; threads <= 3; ++threads) {
        const Layout layout{ranks, threads, 0};
        for (std::uint32_t i = 0; i < n; ++i) {
          const int rank = layout.rank_of(n, i);
          ASSERT_GE(rank, 0);
          ASSERT_LT(rank, ranks);
          EXPECT_TRUE(layout.of_rank(n, rank).contains(i))
              << i << " of " << n << " on " << ranks << " x " << threads;
        }
      }
    }
  }
}

}  // namespace
}  // namespace eprop::core
