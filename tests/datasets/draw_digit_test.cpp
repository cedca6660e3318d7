#include "datasets/draw_digit.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace eprop::datasets {
namespace {

ScreenImage::Frame seen(std::uint32_t digit, std::uint64_t index) {
  CounterRandom random(1, RandomPurpose::train_sample, index);
  ScreenImage::Frame frame{};
  draw_digit(digit, random).view(0.0, 0.0, frame);
  return frame;
}

TEST(DrawDigit, FillsSomeOfTheSensorAndNotItsBorder) {
  for (std::uint32_t digit = 0; digit < 10; ++digit) {
    const auto frame = seen(digit, digit);
    const auto bright = std::ranges::count_if(frame, [](float value) { return value > 0.0F; });
    EXPECT_GT(bright, 40) << digit;
    EXPECT_LT(bright, 500) << digit;
    for (std::size_t i = 0; i < sensor_size; ++i) {
      EXPECT_EQ(frame[i], 0.0F) << digit;
      EXPECT_EQ(frame[frame.size() - 1 - i], 0.0F) << digit;
    }
  }
}

TEST(DrawDigit, IsAnotherHandEachTime) { EXPECT_NE(seen(3, 0), seen(3, 1)); }

}  // namespace
}  // namespace eprop::datasets
