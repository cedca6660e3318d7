#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "datasets/event.hpp"

namespace eprop::datasets {

/// Logarithm of the brightness (natural, background 0) of a screen with something bright on it, on
/// a grid finer than the pixels of the sensor and wider than it.
class ScreenImage {
 public:
  /// Grid cells per pixel.
  static constexpr int cells_per_pixel = 3;
  /// Pixels by which the image goes beyond the sensor on each side: the furthest it may be shifted.
  static constexpr int margin = 6;
  /// Along x and along y.
  static constexpr std::size_t cells = std::size_t{sensor_size + 2 * margin} * cells_per_pixel;

  /// Nothing but background.
  ScreenImage() : log_brightness_(cells * cells) {}

  /// Sets how much of a cell, numbered row by row, is inked: in 0 .. 1.
  void ink(std::size_t cell, double part);

  using Frame = std::array<float, std::size_t{sensor_size} * sensor_size>;

  /// What the sensor's pixels [y][x] see with the image shifted to the right by dx and down by dy
  /// (pixels, magnitude at most margin - 1).
  void view(double dx, double dy, Frame& frame) const;

  /// Pixel coordinate of a grid cell; pixel k of the sensor has its centre at k.
  [[nodiscard]] static double coordinate(std::size_t cell) {
    return static_cast<double>(cell) / cells_per_pixel - margin;
  }

 private:
  std::vector<float> log_brightness_;
};

}  // namespace eprop::datasets
