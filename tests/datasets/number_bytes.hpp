#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace eprop::testing {

/// A number in so many bytes, the lowest first.
[[nodiscard]] inline std::string number(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(i < 8 ? value >> 8 * i : 0);
  return text;
}

}  // namespace eprop::testing
