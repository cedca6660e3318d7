#include "recording/checksum.hpp"

#include <cstring>

namespace eprop::recording {
namespace {

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014, fig. 16) of the place-th number of its
// sequence, shifted by the value.
std::uint64_t mixed(std::uint64_t place, std::uint64_t bits) {
  std::uint64_t z = bits + (place + 1) * 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

template <class Bits>
std::uint64_t sum_of_row(std::uint64_t place, std::uint64_t n, const std::byte* values) {
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    Bits bits = 0;
    std::memcpy(&bits, values + i * sizeof(Bits), sizeof(Bits));
    sum += mixed(place + i, bits);
  }
  return sum;
}

}  // namespace

std::uint64_t checksum(const Region& region, std::uint64_t columns, std::size_t value_bytes,
                       const std::byte* values) {
  std::uint64_t sum = 0;
  for (std::uint64_t row = 0; row < region.count[0]; ++row) {
    const std::uint64_t place = (region.start[0] + row) * columns + region.start[1];
    const std::byte* from = values + row * region.count[1] * value_bytes;
    sum += value_bytes == 4 ? sum_of_row<std::uint32_t>(place, region.count[1], from)
                            : sum_of_row<std::uint64_t>(place, region.count[1], from);
  }
  return sum;
}

}  // namespace eprop::recording
