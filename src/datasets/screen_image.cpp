#include "datasets/screen_image.hpp"

#include <cmath>

namespace eprop::datasets {
namespace {

/// Brightness of the screen where nothing is drawn; the digit's is 1.
constexpr double background = 0.12;

}  // namespace

void ScreenImage::ink(std::size_t cell, double part) {
  log_brightness_[cell] = static_cast<float>(std::log1p(part * (1.0 - background) / background));
}

void ScreenImage::view(double dx, double dy, Frame& frame) const {
  // All pixels fall on the same place between grid cells, so they share the bilinear weights.
  const double column = (margin - dx) * cells_per_pixel;
  const double row = (margin - dy) * cells_per_pixel;
  const auto left = static_cast<std::size_t>(column);
  const auto top = static_cast<std::size_t>(row);
  const auto wx = static_cast<float>(column - static_cast<double>(left));
  const auto wy = static_cast<float>(row - static_cast<double>(top));
  float* out = frame.data();
  for (std::size_t y = 0; y < sensor_size; ++y) {
    const float* upper = &log_brightness_[(top + cells_per_pixel * y) * cells + left];
    const float* lower = upper + cells;
    for (int x = 0; x < sensor_size; ++x, upper += cells_per_pixel, lower += cells_per_pixel) {
      const float above = upper[0] + wx * (upper[1] - upper[0]);
      const float below = lower[0] + wx * (lower[1] - lower[0]);
      *out++ = above + wy * (below - above);
    }
  }
}

}  // namespace eprop::datasets
