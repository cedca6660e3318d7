#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "datasets/event.hpp"

namespace eprop::testing {

inline void append(std::vector<std::byte>& bytes, const datasets::Event& event) {
  const std::uint32_t word = (event.on ? 1U << 23 : 0U) | event.time_us;
  for (const std::uint32_t value : {std::uint32_t{event.x}, std::uint32_t{event.y}, word >> 16,
                                    word >> 8 & 0xff, word & 0xff}) {
    bytes.push_back(static_cast<std::byte>(value));
  }
}

/// An N-MNIST recording.
inline std::vector<std::byte> bytes_of(const std::vector<datasets::Event>& events) {
  std::vector<std::byte> bytes;
  for (const datasets::Event& event : events) append(bytes, event);
  return bytes;
}

}  // namespace eprop::testing
