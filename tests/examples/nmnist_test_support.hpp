#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "neuromorphic_mnist_data/event.hpp"

namespace eprop::examples::test {

inline void append(std::vector<std::byte>& bytes, const Event& event) {
  const std::uint32_t word = (event.on ? 1U << 23 : 0U) | event.time_us;
  for (const std::uint32_t value : {std::uint32_t{event.x}, std::uint32_t{event.y}, word >> 16,
                                    word >> 8 & 0xff, word & 0xff}) {
    bytes.push_back(static_cast<std::byte>(value));
  }
}

inline std::vector<std::byte> bytes_of(const std::vector<Event>& events) {
  std::vector<std::byte> bytes;
  for (const Event& event : events) append(bytes, event);
  return bytes;
}

inline void write(const std::filesystem::path& path, const std::vector<std::byte>& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream stream(path, std::ios::binary);
  stream.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

}  // namespace eprop::examples::test
