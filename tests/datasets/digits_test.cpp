#include "datasets/digits.hpp"

#include <gtest/gtest.h>

#include "eprop/datasets/digits.hpp"
#include "refusal.hpp"

namespace eprop::datasets {
namespace {

TEST(Digits, AreAllFromZeroToNine) {
  EXPECT_EQ(all_digits(), (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(Digits, AreSortedAndDistinct) {
  EXPECT_EQ(checked_digits({9, 0, 4}), (std::vector<std::uint32_t>{0, 4, 9}));
  const auto error = [](const std::vector<std::uint32_t>& digits) {
    return testing::refusal([&] { (void)checked_digits(digits); });
  };
  EXPECT_EQ(error({}), "digits: number = 0: must be at least 1");
  EXPECT_EQ(error({3, 10}), "digits: digit = 10: must be at most 9");
  EXPECT_EQ(error({2, 5, 2}), "digits: digit = 2: must not stand twice");
}

}  // namespace
}  // namespace eprop::datasets
