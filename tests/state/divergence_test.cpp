#include "state/divergence.hpp"

#include <gtest/gtest.h>

namespace eprop::state {
namespace {

/// The first of these, noted in this order.
Divergence first_of(std::initializer_list<Divergence> found) {
  Divergence first;
  for (const auto& d : found) first.note(d);
  return first;
}

TEST(Divergence, IsNoneUntilOneIsNoted) {
  EXPECT_FALSE(Divergence{}.found());
  EXPECT_FALSE(first_of({Divergence{}}).found());
  EXPECT_TRUE(first_of({{7, Quantity::potential, 2}}).found());
  EXPECT_TRUE(first_of({{0, Quantity::weight, 0}}).found());
}

TEST(Divergence, IsTheFirstByStepThenQuantityThenPlaceHoweverTheyAreNoted) {
  const Divergence later{8, Quantity::weight, 0}, loss{7, Quantity::loss, 0},
      error{7, Quantity::error_signal, 0}, second{7, Quantity::potential, 3},
      first{7, Quantity::potential, 2}, weight{7, Quantity::weight, 9};
  EXPECT_EQ(first_of({later, loss, error, second, first, weight}), weight);
  EXPECT_EQ(first_of({weight, first, second, error, loss, later}), weight);
  EXPECT_EQ(first_of({second, later, first, loss}), first);
  EXPECT_EQ(first_of({loss, error}), error);
  EXPECT_EQ(first_of({later, loss}), loss);
}

}  // namespace
}  // namespace eprop::state
