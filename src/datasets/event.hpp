#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eprop/dataset.hpp"

namespace eprop::datasets {

/// Pixels of the sensor along x and along y (Orchard et al. 2015).
inline constexpr int sensor_size = 34;

/// A channel is a pixel with a polarity.
inline constexpr std::uint32_t event_channels = 2 * sensor_size * sensor_size;

/// A change of brightness seen by one pixel of an event camera.
struct Event {
  std::uint8_t x;  ///< column, 0 .. 33, from the left
  std::uint8_t y;  ///< row, 0 .. 33, from the top
  bool on;         ///< brighter (true) or darker (false)
  std::uint32_t time_us;

  bool operator==(const Event&) const = default;
};

/// polarity · 34 · 34 + y · 34 + x, polarity 1 for ON.
[[nodiscard]] constexpr std::uint32_t channel_of(const Event& event) {
  return static_cast<std::uint32_t>((event.on ? sensor_size * sensor_size : 0) +
                                    event.y * sensor_size + event.x);
}

[[nodiscard]] inline std::vector<ChannelSpike> to_spikes(std::span<const Event> events) {
  std::vector<ChannelSpike> spikes;
  spikes.reserve(events.size());
  for (const Event& event : events) {
    spikes.push_back({.time = event.time_us / 1000.0, .channel = channel_of(event)});
  }
  return spikes;
}

}  // namespace eprop::datasets
