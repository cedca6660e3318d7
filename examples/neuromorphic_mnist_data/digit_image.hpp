#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "neuromorphic_mnist_data/counter_random.hpp"
#include "neuromorphic_mnist_data/event.hpp"

namespace eprop::examples {

/// Logarithm of the brightness (natural, background 0) of a bright digit on a dark screen, on a
/// grid finer than the pixels and wider than the sensor.
class DigitImage {
 public:
  /// Grid cells per pixel.
  static constexpr int cells_per_pixel = 3;
  /// Pixels by which the image goes beyond the sensor on each side: the furthest it may be shifted.
  static constexpr int margin = 6;

  /// Draws a digit in 0 .. 9 in a random hand: way of writing, size, slant, place, width of the
  /// pen.
  DigitImage(int digit, CounterRandom& random);

  using Frame = std::array<float, std::size_t{sensor_size} * sensor_size>;

  /// What the sensor's pixels [y][x] see with the image shifted to the right by dx and down by dy
  /// (pixels, magnitude at most margin - 1).
  void view(double dx, double dy, Frame& frame) const;

 private:
  static constexpr std::size_t cells = std::size_t{sensor_size + 2 * margin} * cells_per_pixel;

  std::vector<float> log_brightness_;
};

}  // namespace eprop::examples
