#include "datasets/screen_image.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace eprop::datasets {
namespace {

/// Of pixel k.
std::size_t cell_of(int pixel) {
  return static_cast<std::size_t>(pixel + ScreenImage::margin) * ScreenImage::cells_per_pixel;
}

/// All is background but a bright cell in the middle of pixel (x, y).
ScreenImage dot_at(int x, int y) {
  ScreenImage image;
  image.ink(cell_of(y) * ScreenImage::cells + cell_of(x), 1.0);
  return image;
}

TEST(ScreenImage, PixelsHaveTheirCentresAtWholeCoordinates) {
  EXPECT_EQ(ScreenImage::coordinate(cell_of(0)), 0.0);
  EXPECT_EQ(ScreenImage::coordinate(cell_of(20)), 20.0);
}

TEST(ScreenImage, IsSeenWhereItIsShiftedTo) {
  const ScreenImage image = dot_at(10, 20);
  ScreenImage::Frame frame{};
  image.view(2.0, -3.0, frame);
  for (std::size_t pixel = 0; pixel < frame.size(); ++pixel) {
    const float expected =
        pixel == 17 * sensor_size + 12 ? static_cast<float>(std::log(1.0 / 0.12)) : 0.0F;
    EXPECT_FLOAT_EQ(frame[pixel], expected) << pixel;
  }
}

TEST(ScreenImage, IsInterpolatedBetweenCells) {
  ScreenImage::Frame whole{}, half{};
  dot_at(10, 20).view(0.0, 0.0, whole);
  dot_at(10, 20).view(0.5 / ScreenImage::cells_per_pixel, 0.0, half);
  EXPECT_NEAR(half[20 * sensor_size + 10], 0.5 * whole[20 * sensor_size + 10], 1e-5);
}

}  // namespace
}  // namespace eprop::datasets
