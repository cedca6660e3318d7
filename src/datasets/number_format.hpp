#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace eprop::datasets {

/// How a file stores a number.
struct NumberFormat {
  enum class Kind : std::uint8_t {
    floating,  ///< IEEE 754, of 2, 4 or 8 bytes
    signed_integer,
    unsigned_integer
  };
  Kind kind = Kind::unsigned_integer;
  std::size_t bytes = 8;  ///< 1, 2, 4 or 8
  bool big_endian = false;
};

/// The numbers that stand one after the other in `bytes`, which are a multiple of format.bytes.
/// Integers beyond 2^53 are rounded.
[[nodiscard]] std::vector<double> decode(std::span<const std::byte> bytes,
                                         const NumberFormat& format);

}  // namespace eprop::datasets
