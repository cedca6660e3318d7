#pragma once

#include <cstdint>

namespace eprop::examples {

/// Pixels of the sensor along x and along y (Orchard et al. 2015).
inline constexpr int sensor_size = 34;

/// µs; no recording of N-MNIST is longer.
inline constexpr std::uint32_t recording_us = 336040;

/// A change of brightness seen by one pixel of an event camera.
struct Event {
  std::uint8_t x;  ///< column, 0 .. 33, from the left
  std::uint8_t y;  ///< row, 0 .. 33, from the top
  bool on;         ///< brighter (true) or darker (false)
  std::uint32_t time_us;

  bool operator==(const Event&) const = default;
};

}  // namespace eprop::examples
