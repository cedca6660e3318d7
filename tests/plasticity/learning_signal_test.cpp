#include "plasticity/learning_signal.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "random_archive.hpp"

namespace eprop::plasticity {
namespace {

TEST(LearningSignal, SumsTheErrorsOfAllReadoutPopulations) {
  const testing::RandomArchive a(12, 20, 0, 2);
  for (const core::Range range : {core::Range{0, 12}, core::Range{3, 4}, core::Range{5, 11}}) {
    for (Step t = a.interval.first; t < a.interval.last; ++t) {
      std::vector<double> L(range.size(), 99.0);
      learning_signal(a.signals, t, range, L.data());
      for (auto j = range.begin; j < range.end; ++j) {
        EXPECT_NEAR(L[j - range.begin], a.learning_signal(j, t), 1e-14);
      }
    }
  }
}

TEST(LearningSignal, PairsWithAnErrorOfALaterStep) {
  testing::RandomArchive a(4, 20, 0, 2);
  std::vector<double> two_later(4), three_later(4);
  learning_signal(a.signals, 6, {0, 4}, two_later.data());
  for (auto& signal : a.signals) signal.lead = 3;
  learning_signal(a.signals, 5, {0, 4}, three_later.data());
  EXPECT_EQ(three_later, two_later);
}

TEST(LearningSignal, IsZeroWithoutReadouts) {
  std::vector<double> L(3, 99.0);
  learning_signal({}, 5, {0, 3}, L.data());
  EXPECT_EQ(L, std::vector<double>(3, 0.0));
}

}  // namespace
}  // namespace eprop::plasticity
